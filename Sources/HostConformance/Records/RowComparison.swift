// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What differs between two sets of rows, against what was told of it.
package struct RowComparison {
    private let written: RowSet
    private let read: RowSet
    private let losses: [LossReport]

    package init(written: RowSet, read: RowSet, losses: [LossReport]) {
        self.written = written
        self.read = read
        self.losses = losses
    }

    /// - Parameter rule: what a difference breaks; a row that is there twice breaks R-LOADER-4.
    package func findings(_ unit: String, rule: String) -> [Finding] {
        Table.records.compactMap { finding($0, unit, rule) }
    }

    private func finding(_ table: Table, _ unit: String, _ rule: String) -> Finding? {
        let missing = written.missing(in: read, table)
        let extra = read.missing(in: written, table)
        let own = losses.filter { $0.table == table }
        let gone = own.filter { $0.kind.removesRows }.reduce(0) { $0 + $1.rows }
        let changed = own.filter { !$0.kind.removesRows }.reduce(0) { $0 + $1.rows }
        let told = own.isEmpty ? "nothing" : own.map { "\($0.rows) \($0.code)" }.joined(separator: ", ")
        if let first = missing.first, Int64(missing.count) > gone + changed {
            let what = extra.first.map { "there as\($0.prefix(200))" } ?? "not there"
            return Finding(
                rule,
                expected: "\(unit): every row of \(table.label) is there, or told as a loss; told: \(told)",
                happened: "\(missing.count) are not, first\(first.prefix(200)), \(what)")
        }
        if let first = extra.first, Int64(extra.count) > changed {
            let isDouble = written.rows[table]?[ExactText(first)] != nil
            return Finding(
                isDouble ? "R-LOADER-4" : rule,
                expected: "\(unit): no row of \(table.label) that was not written; told: \(told)",
                happened:
                    "\(extra.count) more:\(extra.prefix(3).map { $0.prefix(120) }.joined(separator: ";"))")
        }
        return nil
    }
}
