// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import HostCore
package import HostRecords

/// Turns what a run tells into text for the two streams. It writes nothing itself.
///
/// Thread rule: one thread at a time.
package final class RunPainter: @unchecked Sendable {
    package enum Event: Sendable {
        case run(RunMonitor.Event)
        case notice(String)
    }

    /// Bytes for standard error and standard output.
    package struct Painted: Equatable {
        package var screen = ""
        package var result = ""

        package init(screen: String = "", result: String = "") {
            self.screen = screen
            self.result = result
        }
    }

    private enum Form {
        case bar(BarScreen)
        case plain(PlainProgress)
        case json(JSONProgress)
        case none
    }

    /// May be renewed when the window changes its size.
    package var traits: TerminalTraits
    private var form: Form
    private let job: JobSettings
    private let started: Date

    package init(
        _ mode: ProgressMode, job: JobSettings, started: Date, interval: Double,
        traits: TerminalTraits = TerminalTraits(isTerminal: false)
    ) {
        self.job = job
        self.started = started
        self.traits = traits
        form =
            switch mode {
            case .bar: .bar(BarScreen(traits))
            case .json: .json(JSONProgress(job: job.name, interval: interval))
            case .none: .none
            case .plain, .auto: .plain(PlainProgress(interval: interval))
            }
    }

    package func start() -> Painted {
        guard case .json(let progress) = form else { return Painted() }
        return Painted(
            result: progress.start(
                from: job.sourceLabel, to: job.targetLabel, now: Self.milliseconds(started)) + "\n")
    }

    package func paint(
        _ events: [(at: Date, event: Event)], _ state: RunMonitor.State, now: Date = Date(),
        isLast: Bool = false
    ) -> Painted {
        let snapshot = RunSnapshot(state, job: job, started: started, now: now)
        let messages = events.flatMap { message($0.event) }
        var painted = Painted()
        switch form {
        case .bar(var bar):
            bar.traits = traits
            if !messages.isEmpty || isLast { painted.screen = bar.cleared() }
            painted.screen += Self.text(messages)
            if !isLast { painted.screen += bar.frame(snapshot) ?? "" }
            form = .bar(bar)
        case .plain(var plain):
            painted.screen = Self.text(messages)
            // A phase may be over before the next look at the clock.
            if let line = plain.line(snapshot, isLast: isLast) { painted.screen += line + "\n" }
            form = .plain(plain)
        case .json(var progress):
            painted.screen = Self.text(messages)
            let lines =
                events.flatMap { Self.lines($0.event, progress, Self.milliseconds($0.at)) }
                + progress.events(snapshot, now: Self.milliseconds(now), isLast: isLast)
            painted.result = Self.text(lines)
            form = .json(progress)
        case .none:
            painted.screen = Self.text(messages)
        }
        return painted
    }

    /// The last of the progress, then what came of it.
    package func finish(
        _ events: [(at: Date, event: Event)], _ result: JobResult, now: Date = Date()
    ) -> Painted {
        var painted = paint(events, result.state, now: now, isLast: true)
        let summary = RunSummary(result)
        painted.screen += Self.text(ClosingTable(traits).lines(summary))
        guard case .json(let progress) = form else { return painted }
        let time = Self.milliseconds(now)
        var lines = result.state.losses.entries.map { entry in
            progress.loss(
                entry.code, kind: entry.kind.label, table: entry.table.label, rows: entry.rows,
                example: entry.examples.first ?? "", note: entry.note, now: time)
        }
        if let stop = result.stoppedBy { lines.append(progress.error(stop, now: time)) }
        lines.append(progress.summary(summary, now: time))
        lines.append(progress.exit(summary, code: result.exitCode, reason: summary.reason, now: time))
        painted.result += Self.text(lines)
        return painted
    }

    /// What people are told as it happens. Units that arrive are many, and only counted.
    private func message(_ event: Event) -> [String] {
        switch event {
        case .notice(let text): return ErrorText(traits).wrapped("host: " + text, indent: 6)
        case .run(.failure(let unit, let error)):
            if case .none = form { return [] }
            let words = ErrorText(traits)
            return words.lines(error, lead: "failed: \(words.short(unit.shown)): ")
        case .run: return []
        }
    }

    private static func lines(_ event: Event, _ progress: JSONProgress, _ now: Int64) -> [String] {
        guard case .run(let event) = event else { return [] }
        switch event {
        case .unit(let key, _, let outcome, let url):
            // Of the ledger's words; the outcome tells more of units that were left out.
            let isComplete = outcome == "complete" || outcome == "there already"
            return [
                progress.unit(
                    kind: key.kind, project: key.project, id: key.id,
                    state: isComplete ? "complete" : "skipped",
                    url: url.isEmpty ? nil : url, note: outcome == "complete" ? "" : outcome, now: now)
            ]
        case .failure(let key, let error):
            return [
                progress.unit(kind: key.kind, project: key.project, id: key.id, state: "failed", now: now),
                progress.error(error, unit: key.shown, now: now),
            ]
        case .phase, .waiting: return []
        }
    }

    private static func text(_ lines: [String]) -> String {
        lines.map { $0 + "\n" }.joined()
    }

    private static func milliseconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970 * 1000) }
}

extension UnitKey {
    /// The unit as messages name it. What could not be listed has no project.
    package var shown: String { project.isEmpty ? id : "\(project)/\(id)" }
}
