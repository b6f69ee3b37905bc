// SPDX-License-Identifier: Apache-2.0

internal import GRDB
package import HostRecords

/// What the whole job came to, for reports and the closing table.
package struct LedgerTotals: Sendable {
    /// Every state is there, with 0 when no unit is in it.
    package var units: [UnitState: Int]
    /// Of complete units.
    package var records: CountsByTable
    /// Of complete and failed units, added up by code, table and kind.
    package var losses: LossTally
}

extension Ledger {
    package func totals() throws(HostError) -> LedgerTotals {
        try read { database in
            LedgerTotals(
                units: try Self.unitTotals(database), records: try Self.recordTotals(database),
                losses: try Self.lossTotals(database))
        }
    }

    /// The losses of one unit that ended.
    package func losses(of key: UnitKey) throws(HostError) -> LossTally {
        try read { database in
            let rows = try Row.fetchAll(
                try database.cachedStatement(sql: "SELECT * FROM loss WHERE unit = ? ORDER BY position"),
                arguments: [try Self.number(of: key, database)])
            return LossTally(try rows.map(Self.lossEntry))
        }
    }

    /// Counts and checksums of one complete unit.
    package func counts(
        of key: UnitKey
    ) throws(HostError) -> (counts: CountsByTable, checksums: ChecksumsByTable) {
        try read { database in
            let rows = try Row.fetchAll(
                try database.cachedStatement(sql: "SELECT * FROM row_count WHERE unit = ?"),
                arguments: [try Self.number(of: key, database)])
            var counts: CountsByTable = [:]
            var checksums: ChecksumsByTable = [:]
            for row in rows {
                guard let table = Table(rawValue: row.requiredText("records")) else { continue }
                counts[table] = TableCounts(
                    read: row["read"], written: row["written"], dropped: row["dropped"])
                checksums[table] = TableChecksum(
                    first: UInt64(bitPattern: row["checksum_first"] as Int64),
                    second: UInt64(bitPattern: row["checksum_second"] as Int64))
            }
            return (counts, checksums)
        }
    }

    private static func unitTotals(_ database: Database) throws -> [UnitState: Int] {
        var totals = Dictionary(uniqueKeysWithValues: UnitState.allCases.map { ($0, 0) })
        for row in try Row.fetchAll(database, sql: "SELECT state, count(*) AS units FROM unit GROUP BY state")
        {
            totals[try state(row)] = row["units"]
        }
        return totals
    }

    private static func recordTotals(_ database: Database) throws -> CountsByTable {
        var totals: CountsByTable = [:]
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT records, sum(read) AS read, sum(written) AS written, sum(dropped) AS dropped
                FROM row_count JOIN unit ON unit.number = row_count.unit
                WHERE unit.state = 'complete' GROUP BY records
                """)
        for row in rows {
            guard let table = Table(rawValue: row.requiredText("records")) else { continue }
            totals[table] = TableCounts(read: row["read"], written: row["written"], dropped: row["dropped"])
        }
        return totals
    }

    private static func lossTotals(_ database: Database) throws -> LossTally {
        var tally = LossTally()
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT loss.* FROM loss JOIN unit ON unit.number = loss.unit
                WHERE unit.state IN ('complete', 'failed') ORDER BY loss.unit, loss.position
                """)
        while let row = try rows.next() { tally.add(try lossEntry(row)) }
        return tally
    }
}
