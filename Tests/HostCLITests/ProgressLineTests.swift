// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCLI
import HostRecords
import Testing

@Suite struct ProgressLineTests {
    @Test func plainLineHasNoSeparators() {
        var plain = PlainProgress()
        #expect(
            plain.line(ScreenSamples.running)
                == "00:41:10 moving: 1204 of 4110 units, 29%; rows read 89315655, written 89203310; "
                + "files 41.2 GiB; retries 14, losses 19226; failed 0")
    }

    @Test func plainLinesComeByIntervalPhaseAndWait() {
        var plain = PlainProgress(interval: 30)
        var snapshot = RunSnapshot(job: "j", from: "a", to: "b", phase: "listing")
        func at(_ seconds: Double, _ change: (inout RunSnapshot) -> Void = { _ in }) -> Bool {
            snapshot.elapsed = seconds
            change(&snapshot)
            return plain.line(snapshot) != nil
        }
        #expect(at(0))
        #expect(!at(29))
        #expect(at(30))
        #expect(at(31) { $0.phase = "moving" })
        #expect(!at(60))
        #expect(at(61))
        #expect(at(62) { $0.waiting = WaitingLine("rate limit", until: 90) })
        #expect(!at(63) { $0.waiting = WaitingLine("rate limit", until: 95) })
        #expect(!at(64) { $0.waiting = nil })
        #expect(at(65) { $0.waiting = WaitingLine("rate limit", until: 90) })
        #expect(plain.line(snapshot, isLast: true) != nil)
    }

    @Test func intervalIsReadFromTheEnvironment() throws {
        #expect(try ProgressInterval.read([:]) == 30)
        #expect(try ProgressInterval.read(["HOST_PROGRESS_INTERVAL": "0.5"]) == 0.5)
        for text in ["0", "-1", "soon", "nan", "inf"] {
            #expect(throws: HostError.self) { try ProgressInterval.read(["HOST_PROGRESS_INTERVAL": text]) }
        }
    }

    @Test func modeFallsBackWhereNothingCanBeRedrawn() {
        let bar = TerminalTraits(isTerminal: true)
        let dumb = TerminalTraits(isTerminal: true, movesCursor: false)
        let pipe = TerminalTraits(isTerminal: false)
        #expect(ProgressMode.auto.resolved(for: bar) == .bar)
        for traits in [dumb, pipe] {
            #expect(ProgressMode.auto.resolved(for: traits) == .plain)
            #expect(ProgressMode.bar.resolved(for: traits) == .plain)
            #expect(ProgressMode.json.resolved(for: traits) == .json)
        }
    }

    @Test func traitsComeFromTheEnvironment() throws {
        let descriptor = open("/dev/null", O_RDWR)
        defer { close(descriptor) }
        let traits = TerminalTraits(
            descriptor: descriptor,
            environment: ["COLUMNS": "132", "LINES": "0", "LANG": "C", "LC_ALL": "de_DE.UTF-8"])
        #expect(traits == TerminalTraits(isTerminal: false, columns: 132, rows: 24, cutMark: "…"))
        #expect(TerminalTraits(descriptor: descriptor, environment: [:]).cutMark == "~")
    }

    @Test func traitsComeFromTheTerminal() throws {
        var main: Int32 = 0
        var side: Int32 = 0
        var size = winsize(ws_row: 50, ws_col: 97, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&main, &side, nil, nil, &size) == 0)
        defer {
            close(main)
            close(side)
        }
        let traits = TerminalTraits(descriptor: side, environment: ["TERM": "xterm"])
        #expect(traits.isTerminal && traits.movesCursor && traits.columns == 97 && traits.rows == 50)
        #expect(!TerminalTraits(descriptor: side, environment: ["TERM": "dumb"]).movesCursor)
        #expect(
            TerminalTraits(descriptor: side, environment: ["TERM": "xterm", "COLUMNS": "61"]).columns == 61)
    }

    @Test func eventsAreJSONWithTheCommonKeys() throws {
        var progress = JSONProgress(job: "j\"1")
        let now: Int64 = 1_795_236_067_250
        var lines = [progress.start(from: "a:b", to: "c:d", now: now)]
        var snapshot = ScreenSamples.running
        snapshot.waiting = WaitingLine("rate limit", until: snapshot.elapsed + 23)
        lines += progress.events(snapshot, now: now)
        #expect(progress.events(snapshot, now: now).isEmpty)
        lines.append(
            progress.unit(
                kind: "run", project: "p\u{2028}", id: "x\n", state: "complete", target: "t", seconds: 1.5,
                now: now))
        lines.append(
            progress.loss(
                "value.nan", kind: "dropped", table: "points", rows: 2, example: "a/\u{0}\\", note: "no NaN",
                now: now))
        lines.append(progress.error(HostError(.auth, "no.", subject: "s", httpStatus: 401), now: now))
        lines.append(progress.summary(ScreenSamples.ended, now: now))
        lines.append(progress.exit(ScreenSamples.ended, code: 65, reason: "8 units failed", now: now))
        var types: [String] = []
        for line in lines {
            #expect(!line.contains("\n"))
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["v"] as? Int == 1 && object["job"] as? String == "j\"1")
            #expect(object["ts"] as? String == "2026-11-21T04:41:07.250Z")
            types.append(try #require(object["type"] as? String))
        }
        #expect(types == ["start", "waiting", "progress", "unit", "loss", "error", "summary", "exit"])
    }

    @Test func lastLineHoldsAllThatScriptsRelyOn() throws {
        let progress = JSONProgress(job: "j")
        var summary = ScreenSamples.ended
        summary.losses.append(.init("value.nan", table: "series", rows: 3))
        #expect(
            progress.exit(summary, code: 65, reason: "8 units failed", now: 0)
                == #"{"v":1,"ts":"1970-01-01T00:00:00.000Z","job":"j","type":"exit","units":{"seen":4110,"#
                + #""complete":4102,"skipped":0,"failed":8},"records":{"fields":{"read":212990,"#
                + #""written":212990},"points":{"read":301442018,"written":301442016},"#
                + #""files":{"read":11020,"written":11020},"series":{"read":0,"written":0}},"#
                + #""losses":{"name.replaced":1204,"value.nan":5},"seconds":9000.0,"exit_code":65,"#
                + #""reason":"8 units failed"}"#)
    }

    @Test func numbersThatJSONLacksAreNull() {
        #expect(
            JSONLine([("a", .number(.nan)), ("b", .list([.flag(true), .null]))]).text
                == "{\"a\":null,\"b\":[true,null]}")
    }
}
