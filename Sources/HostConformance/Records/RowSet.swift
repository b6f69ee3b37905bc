// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Rows as texts that tell every bit of them, counted: what two sides hold is the same when these are.
package struct RowSet: Sendable {
    package init() {}

    package private(set) var rows: [Table: [ExactText: Int]] = [:]

    /// - Parameter content: a mark for the bytes behind a `blob` reference.
    package mutating func add(_ batch: RecordBatch, content: (String) throws -> String) rethrows {
        let texts = try RowText.lines(batch, content: content)
        for text in texts { rows[batch.table, default: [:]][ExactText(text), default: 0] += 1 }
    }

    func count(_ table: Table) -> Int { rows[table]?.values.reduce(0, +) ?? 0 }

    var counts: [Table: Int64] {
        rows.mapValues { Int64($0.values.reduce(0, +)) }
    }

    /// Rows of this set that `other` lacks, as often as it lacks them.
    func missing(in other: RowSet, _ table: Table) -> [String] {
        var missing: [String] = []
        for (row, count) in rows[table] ?? [:] {
            let there = other.rows[table]?[row] ?? 0
            if there < count { missing += Array(repeating: row.text, count: count - there) }
        }
        return missing.sorted()
    }
}

/// One row in a form that a person can read and that differs when a bit does.
package enum RowText {
    package static func lines(_ batch: RecordBatch, content: (String) throws -> String) rethrows -> [String] {
        var lines = [String](repeating: "", count: batch.count)
        let types = batch.table == .fields ? batch.text("type") : nil
        for rule in batch.table.columns {
            // Where the bytes lie is no part of the record; what they are is. A size that is not known may become so.
            if batch.table == .files, ["sha256", "size"].contains(rule.name) { continue }
            for row in 0..<batch.count {
                // Only the column that the type names holds the value.
                if let types, ["int", "float", "text", "bool", "time", "set"].contains(rule.name),
                    types[row] != rule.name
                {
                    continue
                }
                guard let value = value(batch, rule, row) else { continue }
                if batch.table == .files, rule.name == "blob" {
                    lines[row] += " bytes=\(try content(value))"
                } else {
                    lines[row] += " \(rule.name)=\(value)"
                }
            }
        }
        return lines
    }

    private static func value(_ batch: RecordBatch, _ rule: ColumnRule, _ row: Int) -> String? {
        switch rule.kind {
        case .text: return batch.text(rule.name)[row]
        case .bool: return batch.bool(rule.name)[row].map { "\($0)" }
        case .int32: return batch.int32(rule.name)[row].flatMap { $0 == 0 ? nil : "\($0)" }
        case .int64: return batch.int64(rule.name)[row].map { "\($0)" }
        case .float64: return batch.float64(rule.name)[row].map(number)
        case .time: return batch.time(rule.name)[row].map { "\($0)" }
        case .textList: return batch.list(rule.name).texts(row).map { "\($0)" }
        case .floatList: return batch.list(rule.name).numbers(row).map { "\($0.map(number))" }
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        return "\(value)"
    }
}
