// SPDX-License-Identifier: Apache-2.0

package import HostABI
internal import HostCore
package import HostRecords

/// Actions and their answers as people read them.
package struct ActionText: Sendable {
    /// Cells that a column may have without being cut in a terminal.
    private static let longestWhole = 40

    private let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    package func list(_ libraries: [PluginLibrary]) -> [String] {
        var table = TextTable([
            TextTable.Column("action"), TextTable.Column("effect"),
            TextTable.Column("summary", isFlexible: true),
        ])
        for library in libraries {
            for action in library.actions {
                table.add(["\(library.name).\(action.name)", action.effect.label, action.summary])
            }
        }
        return table.rows.isEmpty ? [] : lines(table)
    }

    package func lines(_ spec: ActionSpec, of library: PluginLibrary) -> [String] {
        let words = ErrorText(traits)
        var parts = [
            ["\(library.name).\(spec.name): \(spec.summary)", "It \(facts(spec).joined(separator: "; "))."]
        ]
        if !spec.help.isEmpty {
            parts.append(spec.help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
        parts.append(["Call: " + usage(spec, of: library)])
        if !spec.parameters.isEmpty { parts.append(["Parameters"] + spec.parameters.flatMap(parameter)) }
        if !spec.results.isEmpty {
            parts.append(
                [spec.flags.contains(.rows) ? "Columns" : "Results"]
                    + spec.results.map { "  \($0.name) (\($0.kind.label)): \($0.summary)" })
        }
        return parts.joined(separator: [""]).flatMap { line in
            words.wrapped(line, indent: line.prefix { $0 == " " }.count + 4)
        }
    }

    /// A table of the rows, or a line for each result.
    package func outcome(_ outcome: ActionOutcome, of spec: ActionSpec) -> [String] {
        guard spec.flags.contains(.rows) else {
            return zip(spec.results, outcome.results).map {
                "\($0.name): \(CellText.cleaned(Self.text($1, $0)))"
            }
        }
        guard !outcome.rows.isEmpty else { return [] }
        let cells = outcome.rows.map { row in
            zip(spec.results, row).map { result, cell in cell.map { Self.text($0, result) } ?? "" }
        }
        var table = TextTable(
            spec.results.enumerated().map { index, result in
                // Ids are of use only when they are whole.
                let isLong = cells.contains { CellText.width($0[index]) > Self.longestWhole }
                return TextTable.Column(result.name, result.isNumber ? .right : .left, isFlexible: isLong)
            })
        for row in cells { table.add(row) }
        return lines(table)
    }

    private func lines(_ table: TextTable) -> [String] {
        table.lines(width: traits.textWidth, cutMark: traits.cutMark)
    }

    private func facts(_ spec: ActionSpec) -> [String] {
        var facts = [spec.effect.label]
        facts.append(spec.role.isEmpty ? "works on no endpoint" : "works on an endpoint of the plugin")
        if spec.flags.contains(.dryRun) { facts.append("can say what it would do (--dry-run)") }
        if spec.effect == .deletes { facts.append("asks before, unless --yes is given") }
        return facts
    }

    private func usage(_ spec: ActionSpec, of library: PluginLibrary) -> String {
        var words = ["host action call \(library.name).\(spec.name)"]
        if !spec.role.isEmpty { words.append("--at LOCATION") }
        for parameter in spec.parameters where parameter.flags.contains(.required) {
            words.append("--\(parameter.name) \(parameter.name.uppercased())")
        }
        return words.joined(separator: " ")
    }

    private func parameter(_ parameter: OptionSpec) -> [String] {
        let isList = parameter.flags.contains(.list)
        let marks = [parameter.kind.label] + (isList ? ["may be repeated"] : []) + parameter.marks
        var facts: [String] = []
        if let value = parameter.defaultValue { facts.append("default '\(value)'") }
        if !parameter.choices.isEmpty { facts.append("one of \(parameter.choices.joined(separator: ", "))") }
        if parameter.flags.contains(.secret) { facts.append("variable \(parameter.variable)") }
        if !parameter.example.isEmpty { facts.append("example \(parameter.example)") }
        return ["  --\(parameter.name) (\(marks.joined(separator: ", ")))", "      \(parameter.summary)"]
            + (facts.isEmpty ? [] : ["      " + facts.joined(separator: "; ")])
    }

    private static func text(_ value: OptionValue, _ result: ActionSpec.Result) -> String {
        switch (value, result.kind) {
        case (.text(let text), _): text
        case (.number(let number), _): String(number)
        case (.integer(let number), .bool): number == 0 ? "no" : "yes"
        case (.integer(let number), .duration): "\(number) ms"
        case (.integer(let number), .size): NumberText.bytes(number)
        case (.integer(let number), _): String(number)
        }
    }
}

extension ActionSpec.Result {
    fileprivate var isNumber: Bool { [.int, .float, .duration, .size].contains(kind) }
}
