// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCLI
import HostCore
import HostRecords
import Testing

@Suite struct RunPainterTests {
    private let started = Date(timeIntervalSince1970: 1_795_236_067)
    private let long = "/data/" + String(repeating: "folder/", count: 30) + "part.parquet"

    private func settings() throws -> JobSettings {
        JobSettings(
            name: "job-1", folder: "/jobs/job-1", from: try Endpoint(parsing: "parquet:/data"),
            to: try Endpoint(parsing: "mlflow:http://127.0.0.1:5000"), selection: try Selection(),
            stepScale: try StepScale(1))
    }

    private func painter(_ mode: ProgressMode, columns: Int = 60) throws -> RunPainter {
        RunPainter(
            mode, job: try settings(), started: started, interval: 30,
            traits: TerminalTraits(isTerminal: mode == .bar, columns: columns))
    }

    private func state(_ change: (inout RunMonitor.State) -> Void = { _ in }) -> RunMonitor.State {
        var state = RunMonitor().snapshot
        state.phase = "moving"
        state.unitsSeen = 3
        state.unitsTotal = 3
        state.complete = 1
        state.counts = [.points: TableCounts(read: 10, written: 8, dropped: 2)]
        state.losses = LossTally([
            LossEntry(.dropped, .points, code: "value.nan", rows: 2, examples: ["m"], note: "no NaN")
        ])
        change(&state)
        return state
    }

    private var failure: (at: Date, event: RunPainter.Event) {
        let error = HostError(.invalidData, "It is damaged.", subject: long, remedy: "Export it again.")
        return (started, .run(.failure(UnitKey(kind: "run", project: "team/vision", id: "VIS-7"), error)))
    }

    private func at(_ seconds: Double) -> Date { started.addingTimeInterval(seconds) }

    private func result(_ change: (inout JobResult) -> Void = { _ in }) -> JobResult {
        var result = JobResult(name: "job-1", folder: "/jobs/job-1")
        result.state = state { $0.phase = "done" }
        change(&result)
        return result
    }

    @Test func barStandsBelowWhatIsTold() throws {
        let painter = try painter(.bar)
        #expect(painter.start() == RunPainter.Painted())
        let first = painter.paint([], state(), now: at(1))
        #expect(first.screen.contains("1 / 3 units") && first.result.isEmpty)
        let told = painter.paint([failure], state { $0.failed = 1 }, now: at(1.01))
        // The frame goes away, the message stays, and the next frame follows it at once.
        #expect(told.screen.hasPrefix("\u{1B}["))
        let message = try #require(told.screen.range(of: "failed: team/vision/VIS-7"))
        let frame = try #require(told.screen.range(of: "2 / 3 units"))
        #expect(message.upperBound < frame.lowerBound)
        #expect(told.screen.contains("Export it again."))
    }

    @Test func longPathsAreCutInTheirMiddleOnATerminalOnly() throws {
        let bar = try painter(.bar).paint([failure], state(), now: at(1)).screen
        #expect(!bar.contains(long) && bar.contains("/data/folder") && bar.contains("part.parquet"))
        let plain = try painter(.plain).paint([failure], state(), now: at(1)).screen
        #expect(plain.contains(long))
        let json = try painter(.json).paint([failure], state(), now: at(1)).result
        #expect(json.contains(long))
    }

    @Test func plainTellsPhasesAtOnce() throws {
        let painter = try painter(.plain)
        #expect(painter.paint([], state(), now: at(1)).screen.contains("moving: 1 of 3 units"))
        #expect(painter.paint([], state(), now: at(2)).screen.isEmpty)
        #expect(painter.paint([], state { $0.phase = "done" }, now: at(3)).screen.contains(" done: "))
    }

    @Test func noneIsSilentUntilTheEnd() throws {
        let painter = try painter(.none)
        #expect(painter.paint([failure], state(), now: at(1)) == RunPainter.Painted())
        let notice = painter.paint([(started, .notice("stopping"))], state(), now: at(1))
        #expect(notice.screen == "host: stopping\n")
        let end = painter.finish([], result(), now: at(2))
        #expect(end.screen.contains("value.nan, 2 points: no NaN (m)") && end.result.isEmpty)
    }

    @Test func jsonGoesToTheResultAndPeopleToTheScreen() throws {
        let painter = try painter(.json)
        var lines = painter.start().result
        let unit: RunPainter.Event = .run(
            .unit(
                UnitKey(kind: "run", project: "p", id: "a"), name: nil, outcome: "skipped: not wanted",
                targetURL: ""))
        lines += painter.paint([(started, unit), failure], state(), now: at(1)).result
        let end = painter.finish([], result { $0.state.failed = 1 }, now: at(2))
        lines += end.result
        let events = try lines.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(
            events.map { $0["type"] as? String } == [
                "start", "unit", "unit", "error", "progress", "progress", "loss", "summary", "exit",
            ])
        #expect(
            events[1]["state"] as? String == "skipped"
                && events[1]["note"] as? String == "skipped: not wanted")
        #expect(events[2]["state"] as? String == "failed")
        #expect(events.last?["exit_code"] as? Int == 65)
        #expect(end.screen.contains("value.nan"))
    }

    @Test(arguments: [
        (HostError(.cancelled, "Stopped on request."), Int32(15), "Run the same command again"),
        (HostError(.unavailable, "No server."), 0, "Run the same command again"),
        (HostError(.auth, "Wrong password."), 0, "Once that is put right"),
    ])
    func aStoppedRunSaysHowToGoOn(stop: HostError, signal: Int32, advice: String) throws {
        let end = try painter(.plain).finish(
            [],
            result {
                $0.stoppedBy = stop
                $0.signal = signal
            }, now: at(2))
        #expect(end.screen.contains(stop.message) && end.screen.contains(advice))
        #expect(end.screen.hasSuffix("Report: /jobs/job-1/report.json\n"))
    }

    @Test func aRunThatIsDoneNeedsNoAdvice() throws {
        let end = try painter(.plain).finish([], result(), now: at(2))
        #expect(!end.screen.contains("same command"))
    }

    @Test func moreThanAnnouncedIsNotShownAsAPart() throws {
        let monitor = RunMonitor()
        monitor.worker(0) {
            $0.done = 398
            $0.total = 393
        }
        let snapshot = monitor.snapshot
        let line = RunSnapshot(snapshot, job: try settings(), started: started, now: at(1)).workers.first
        #expect(line?.done == 398 && line?.of == nil)
    }
}
