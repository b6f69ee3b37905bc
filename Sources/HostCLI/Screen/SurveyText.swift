// SPDX-License-Identifier: Apache-2.0

package import HostCore
internal import HostRecords

/// What a source holds, as people read it: each project's runs, then models and whatever else there is.
package struct SurveyText: Sendable {
    private static let topRuns = 5
    private static let mostIDs = 10
    private static let fewIDs = 5

    private let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    package func lines(_ result: SurveyResult, of source: String) -> [String] {
        var parts = [["Summary of \(source)", "Projects: \(NumberText.grouped(result.projects.count))"]]
        for project in result.projects {
            if let runs = project.kinds.first(where: { $0.kind == "run" }) {
                parts.append(lines(runs, project.project))
            }
        }
        parts += others(result)
        if result.projects.count > 1 { parts.append(["All projects"] + counts(result.tally)) }
        let words = ErrorText(traits)
        return parts.joined(separator: [""]).flatMap { line in
            words.wrapped(line, indent: line.prefix { $0 == " " }.count + 4)
        }
    }

    private func lines(_ runs: SurveyResult.Kind, _ project: String) -> [String] {
        ["Project: \(project)", "  Runs: \(NumberText.grouped(runs.units.count))"] + counts(runs.tally)
            + types(runs.tally) + steps(runs.tally.steps) + largest(runs.units) + ids(runs.units)
    }

    private func counts(_ tally: SurveyTally) -> [String] {
        let tables = Table.records.compactMap { table in
            tally.rows[table].map { "\(table.label) \(NumberText.grouped($0))" }
        }
        let parts = tables.isEmpty ? "" : " (\(tables.joined(separator: ", ")))"
        var lines = ["  Total records: \(NumberText.grouped(tally.records))\(parts)"]
        if tally.fileBytes > 0 { lines.append("  Payload of files: \(NumberText.bytes(tally.fileBytes))") }
        for loss in tally.losses.entries {
            lines.append(
                "  Not as it was: \(loss.code), \(NumberText.grouped(loss.rows)) \(loss.table.label)"
                    + (loss.note.isEmpty ? "" : ": \(loss.note)")
            )
        }
        return lines
    }

    private func types(_ tally: SurveyTally) -> [String] {
        let paths = tally.paths.sorted { $0.key.rawValue < $1.key.rawValue }
        guard !paths.isEmpty else { return [] }
        return [
            "  Attribute types: \(paths.map(\.key.rawValue).joined(separator: ", "))",
            "  Attribute breakdown:",
        ]
            + paths.map { "    \($0.key.rawValue): \(NumberText.grouped($0.value)) unique attributes" }
    }

    private func steps(_ steps: StepSet) -> [String] {
        guard let least = steps.least, let most = steps.most else { return [] }
        return [
            "  Step statistics:", "    Total steps: \(NumberText.grouped(steps.total))",
            "    Unique steps: \(NumberText.grouped(steps.distinct))",
            "    Range: \(least.text) - \(most.text)",
        ]
    }

    /// Of two with as many records the one listed first stands first.
    private func largest(_ units: [SurveyResult.Unit]) -> [String] {
        let sorted = units.enumerated().sorted {
            ($1.element.records, $0.offset) < ($0.element.records, $1.offset)
        }
        var lines = sorted.prefix(Self.topRuns).map {
            "    \(label($0.element)): \(NumberText.grouped($0.element.records)) records"
        }
        if units.count > Self.topRuns {
            lines.append("    ... and \(NumberText.grouped(units.count - Self.topRuns)) more runs")
        }
        return ["  Run breakdown (top \(Self.topRuns) by record count):"] + lines
    }

    private func ids(_ units: [SurveyResult.Unit]) -> [String] {
        let isShort = units.count <= Self.mostIDs
        let ids = units.prefix(isShort ? Self.mostIDs : Self.fewIDs).map(\.key.id).joined(separator: ", ")
        return [
            "  Run IDs: \(ids)"
                + (isShort ? "" : " ... and \(NumberText.grouped(units.count - Self.fewIDs)) more")
        ]
    }

    /// The id, and the name where it is another.
    private func label(_ unit: SurveyResult.Unit) -> String {
        guard let name = unit.name, ExactText(name) != ExactText(unit.key.id) else { return unit.key.id }
        return "\(unit.key.id) (\(name))"
    }

    /// Models, their versions, and every other kind that is no run.
    private func others(_ result: SurveyResult) -> [[String]] {
        result.projects.compactMap { project in
            let kinds = project.kinds.filter { $0.kind != "run" }
            guard !kinds.isEmpty else { return nil }
            return ["Models and other units of \(project.project)"]
                + kinds.flatMap { kind in
                    let paths = kind.tally.paths.sorted { $0.key.rawValue < $1.key.rawValue }
                    let types =
                        paths.isEmpty
                        ? [] : ["    Attribute types: \(paths.map(\.key.rawValue).joined(separator: ", "))"]
                    return ["  \(kind.kind): \(NumberText.grouped(kind.units.count))"]
                        + counts(kind.tally).map { "  " + $0 } + types
                }
        }
    }
}
