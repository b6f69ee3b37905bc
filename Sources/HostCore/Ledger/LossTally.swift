// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// A class of change, how many rows it met, and a few paths to look at.
package struct LossEntry: Sendable, Hashable, Codable {
    package static let exampleLimit = 5

    package var kind: LossKind
    package var table: Table
    /// Stable, for machines: `step.rounded`.
    package var code: String
    package var rows: Int64
    /// At most `exampleLimit`, each once, in the order met.
    package var examples: [String]
    /// For people; the first one met stays.
    package var note: String

    package init(
        _ kind: LossKind, _ table: Table, code: String, rows: Int64 = 1, examples: [String] = [],
        note: String = ""
    ) {
        self.kind = kind
        self.table = table
        self.code = code
        self.rows = rows
        self.examples = examples
        self.note = note
    }

    package init(_ report: LossReport) {
        self.init(
            report.kind, report.table, code: report.code, rows: report.rows,
            examples: report.path.isEmpty ? [] : [report.path], note: report.note)
    }
}

/// Losses added up by code, table and kind.
package struct LossTally: Sendable, Equatable, Codable {
    private struct Class: Hashable {
        var code: String
        var table: Table
        var kind: LossKind
    }

    /// In the order first met.
    package private(set) var entries: [LossEntry]
    private var positions: [Class: Int]

    package init(_ entries: [LossEntry] = []) {
        self.entries = []
        positions = [:]
        for entry in entries { add(entry) }
    }

    package mutating func add(_ entry: LossEntry) {
        let key = Class(code: entry.code, table: entry.table, kind: entry.kind)
        guard let position = positions[key] else {
            positions[key] = entries.count
            entries.append(entry)
            entries[entries.count - 1].examples = []
            addExamples(entry.examples, at: entries.count - 1)
            return
        }
        entries[position].rows += entry.rows
        if entries[position].note.isEmpty { entries[position].note = entry.note }
        addExamples(entry.examples, at: position)
    }

    package mutating func add(_ tally: LossTally) {
        for entry in tally.entries { add(entry) }
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// Rows of `table` that losses account for as read and not written.
    package func rowsRemoved(from table: Table) -> Int64 {
        entries.lazy.filter { $0.table == table && $0.kind.removesRows }.reduce(0) { $0 + $1.rows }
    }

    private mutating func addExamples(_ examples: [String], at position: Int) {
        for example in examples where entries[position].examples.count < LossEntry.exampleLimit {
            if !entries[position].examples.contains(example) { entries[position].examples.append(example) }
        }
    }

    package static func == (left: LossTally, right: LossTally) -> Bool { left.entries == right.entries }

    package init(from decoder: any Decoder) throws {
        self.init(try [LossEntry](from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try entries.encode(to: encoder)
    }
}
