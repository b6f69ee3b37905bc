// SPDX-License-Identifier: Apache-2.0

package import HostCore
internal import HostRecords

/// Jobs as people read them.
package struct StatusText: Sendable {
    package static let mostFailures = 20

    private let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    package func list(_ reports: [JobReport]) -> [String] {
        let states = UnitState.allCases
        var table = TextTable(
            [TextTable.Column("job", isFlexible: true)] + states.map { TextTable.Column($0.rawValue, .right) }
                + [TextTable.Column("last change"), TextTable.Column("at work")])
        for report in reports {
            let units = states.map { NumberText.grouped(report.totals.units[$0] ?? 0) }
            table.add(
                [report.name] + units
                    + [
                        TimeText.utc(milliseconds: report.changed),
                        report.holder.map { "process \($0.process)" } ?? "",
                    ])
        }
        return table.lines(width: traits.textWidth, cutMark: traits.cutMark)
    }

    package func lines(_ report: JobReport, _ failures: [StoredUnit]) -> [String] {
        let totals = report.totals
        var summary = RunSummary(
            seen: totals.units.values.reduce(0, +), complete: totals.units[.complete] ?? 0,
            skipped: totals.units[.skipped] ?? 0, failed: totals.units[.failed] ?? 0)
        summary.tables = RunSummary.tables(totals.records, totals.losses)
        summary.losses = RunSummary.losses(totals.losses)
        summary.failures = failures.map {
            RunSummary.Failure(
                unit: $0.record.key.shown, error: $0.failure ?? HostError(.internal, "No reason was kept."))
        }
        let settings = report.identity.settings
        let words = ErrorText(traits)
        var head = ["job \(report.name): \(settings["from"] ?? "?") -> \(settings["to"] ?? "?")"]
        head += settings.sorted { $0.key < $1.key }.filter { $0.key != "from" && $0.key != "to" }.map {
            let name = $0.key.hasPrefix("option.") ? String($0.key.dropFirst(7)) : $0.key
            return "\(name): \($0.value.split(separator: "\n").joined(separator: ", "))"
        }
        head.append(state(report))
        head.append(units(totals.units))
        let table = ClosingTable(traits, mostFailures: failures.count)
        return head.flatMap { words.wrapped($0, indent: 2) } + [""] + table.lines(summary)
    }

    private func state(_ report: JobReport) -> String {
        let changed = "last change \(TimeText.utc(milliseconds: report.changed))"
        guard let holder = report.holder else { return "nobody works on it; \(changed)" }
        return
            "process \(holder.process) on \(holder.machine) works on it since \(holder.started); \(changed)"
    }

    private func units(_ units: [UnitState: Int]) -> String {
        "units: "
            + UnitState.allCases.map { "\($0.rawValue) \(NumberText.grouped(units[$0] ?? 0))" }.joined(
                separator: ", ")
    }
}
