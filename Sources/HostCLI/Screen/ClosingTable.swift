// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// What stands at the end of a run: both sides counted, then every loss, every failure, and what to do.
package struct ClosingTable: Sendable {
    /// Losses and failures beyond these are counted, and are in the report.
    package static let mostLosses = 20
    package static let mostFailures = 10

    private let traits: TerminalTraits
    private let mostFailures: Int

    package init(_ traits: TerminalTraits, mostFailures: Int = Self.mostFailures) {
        self.traits = traits
        self.mostFailures = mostFailures
    }

    package func lines(_ summary: RunSummary) -> [String] {
        // A run that was stopped before it saw a unit has nothing to count.
        var parts = summary.stop != nil && summary.seen == 0 ? [] : [table(summary)]
        if !summary.losses.isEmpty { parts.append(losses(summary)) }
        if !summary.failures.isEmpty { parts.append(failures(summary)) }
        if let stop = summary.stop {
            parts.append(stop.status == .cancelled ? [stop.message] : words.lines(stop, lead: "stopped: "))
        }
        if !summary.advice.isEmpty { parts.append(summary.advice.flatMap { words.wrapped($0) }) }
        return Array(parts.joined(separator: [""]))
    }

    /// Kinds of loss without rows have no column.
    private func table(_ summary: RunSummary) -> [String] {
        let kinds = LossKind.allCases.filter { kind in summary.tables.contains { ($0.losses[kind] ?? 0) != 0 }
        }
        var table = TextTable(
            [TextTable.Column(""), TextTable.Column("source", .right), TextTable.Column("target", .right)]
                + kinds.map { TextTable.Column($0.label, .right) }
                + [TextTable.Column("skipped", .right), TextTable.Column("failed", .right)].filter {
                    $0.title == "failed" || summary.skipped > 0
                })
        let none = kinds.map { _ in "" }
        table.add(
            ["units", number(Int64(summary.seen)), number(Int64(summary.complete))] + none
                + (summary.skipped > 0 ? [number(Int64(summary.skipped))] : []) + [
                    number(Int64(summary.failed))
                ])
        for line in summary.tables where line.read != 0 || line.written != 0 || !line.losses.isEmpty {
            table.add(
                [line.table, number(line.read), number(line.written)]
                    + kinds.map { number(line.losses[$0] ?? 0) })
        }
        return table.lines(width: width, cutMark: traits.cutMark)
    }

    private func losses(_ summary: RunSummary) -> [String] {
        var lines = ["losses"]
        for loss in summary.losses.prefix(Self.mostLosses) {
            let note = loss.note.isEmpty ? "" : ": \(loss.note)"
            let example = loss.example.isEmpty ? "" : " (\(words.short(loss.example)))"
            lines += words.wrapped(
                "  \(loss.code), \(number(loss.rows)) \(loss.table)\(note)\(example)", indent: 6)
        }
        return lines + more(summary.losses.count - Self.mostLosses)
    }

    private func failures(_ summary: RunSummary) -> [String] {
        var lines = ["failed"]
        for failure in summary.failures.prefix(mostFailures) {
            lines += words.lines(failure.error, lead: "  \(words.short(failure.unit)): ", indent: 6)
        }
        return lines + more(max(summary.failed, summary.failures.count) - mostFailures)
    }

    private func more(_ count: Int) -> [String] {
        count > 0 ? ["  and \(number(Int64(count))) more, in the report"] : []
    }

    /// A pipe gets whole lines.
    private var width: Int? { traits.textWidth }

    private var words: ErrorText { ErrorText(traits) }

    private func number(_ number: Int64) -> String {
        traits.isTerminal ? NumberText.grouped(number) : String(number)
    }
}
