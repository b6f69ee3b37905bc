// SPDX-License-Identifier: Apache-2.0

internal import HostABI
package import HostRecords

/// What a unit announces before its records: names by scope, and how many rows each table will have.
package struct UnitCatalogue {
    private var namesByScope: [NameScope: [String]] = [:]
    /// Of tables all of whose names came with a number.
    package private(set) var announced: [Table: Int64] = [:]

    init(_ exporter: any ExporterInstance, _ unit: UnitKey) throws(HostError) {
        var seen: [NameScope: Set<ExactText>] = [:]
        var unknown: Set<Table> = []
        let reader = try exporter.paths(unit)
        while let (batch, _) = try reader.next() {
            guard batch.table == .paths else {
                throw HostError(.invalidData, "paths handed over a batch of \(batch.table.rawValue).")
            }
            let paths = batch.text("path")
            let tables = batch.text("table")
            let roles = batch.text("role")
            let rows = batch.int64("rows")
            for row in 0..<batch.count {
                guard let table = Table(rawValue: tables[row] ?? "") else { continue }
                if let count = rows[row], count >= 0 {
                    announced[table] = (announced[table] ?? 0).clampedSum(count)
                } else {
                    unknown.insert(table)
                }
                guard let scope = NameScope(table: table, role: roles[row] ?? "") else { continue }
                let path = paths[row] ?? ""
                if seen[scope, default: []].insert(ExactText(path)).inserted {
                    namesByScope[scope, default: []].append(path)
                }
            }
        }
        for table in unknown { announced[table] = nil }
    }

    package func names(_ scope: NameScope) -> [String] { namesByScope[scope] ?? [] }

    /// Rows of all tables that are known.
    package var rows: Int64? { announced.isEmpty ? nil : announced.values.reduce(0) { $0.clampedSum($1) } }

    /// A reader that ends early, without an error, is found here: less was read than was announced.
    func check(_ progress: UnitProgress, _ unit: UnitKey) throws(HostError) {
        for (table, expected) in announced {
            let read = progress.counts[table]?.read ?? 0
            guard read >= expected else {
                throw HostError(
                    .invalidData,
                    "The source announced \(expected) rows of \(table.label) and handed over \(read).",
                    subject: unit.label, retry: .later)
            }
        }
    }
}
