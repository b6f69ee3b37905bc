// SPDX-License-Identifier: Apache-2.0

package import HostCore
internal import HostRecords

/// Units as rows of a table that goes on from page to page, or as one JSON array.
package struct UnitPrinter: Sendable {
    private static let columns = ["kind", "id", "name", "project", "group", "state", "created", "parent"]

    private let isJSON: Bool
    private let ofProjects: Bool
    private let traits: TerminalTraits
    private var isFirst = true
    /// Columns grow from page to page and never shrink, so that pages stand below each other.
    private var widths: [Int] = []

    package init(isJSON: Bool, ofProjects: Bool, _ traits: TerminalTraits) {
        self.isJSON = isJSON
        self.ofProjects = ofProjects
        self.traits = traits
    }

    /// The text of one page.
    package mutating func rows(_ records: [UnitRecord]) -> String {
        guard !records.isEmpty else { return "" }
        defer { isFirst = false }
        guard isJSON else { return table(records) }
        return (isFirst ? "[" : ",\n") + records.map { Self.json($0).text }.joined(separator: ",\n")
    }

    /// What stands behind the last page.
    package func end() -> String {
        guard isJSON else { return "" }
        return isFirst ? "[]\n" : "]\n"
    }

    private mutating func table(_ records: [UnitRecord]) -> String {
        if ofProjects { return records.map { CellText.cleaned($0.key.project) + "\n" }.joined() }
        let rows = records.map { Self.cells($0) }
        if !traits.isTerminal {
            let head = isFirst ? [Self.columns] : []
            return (head + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
        }
        var table = TextTable(
            Self.columns.map { TextTable.Column($0, isFlexible: $0 != "kind" && $0 != "created") },
            minimumWidths: widths)
        for row in rows { table.add(row) }
        widths = table.widths
        let lines = table.lines(
            width: max(TerminalTraits.narrowest, traits.columns), cutMark: traits.cutMark, wraps: false)
        return lines.dropFirst(isFirst ? 0 : 1).map { $0 + "\n" }.joined()
    }

    private static func cells(_ record: UnitRecord) -> [String] {
        [
            record.key.kind, record.key.id, record.name ?? "", record.key.project, record.group ?? "",
            record.state ?? "", record.created.map { TimeText.utc(milliseconds: $0) } ?? "",
            record.parent ?? record.forkParent ?? "",
        ].map(CellText.cleaned)
    }

    private static func json(_ record: UnitRecord) -> JSONLine {
        var line = JSONLine([
            ("kind", .text(record.key.kind)), ("id", .text(record.key.id)),
            ("name", record.name.map { .text($0) } ?? .null), ("project", .text(record.key.project)),
        ])
        let more: [(String, JSONLine.Value?)] = [
            ("group", record.group.map { .text($0) }), ("state", record.state.map { .text($0) }),
            ("created", record.created.map { .text(TimeText.utc(milliseconds: $0)) }),
            ("parent", record.parent.map { .text($0) }), ("fork_parent", record.forkParent.map { .text($0) }),
            ("rows", record.rows.map { .integer($0) }),
        ]
        for (key, value) in more { if let value { line.add(key, value) } }
        return line
    }
}
