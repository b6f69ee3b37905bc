// SPDX-License-Identifier: Apache-2.0

internal import GRDB
package import HostRecords

extension Ledger {
    /// Notes that the loader's commit succeeded. Nothing else ever writes *complete*.
    ///
    /// - Throws: `.invalidState` when the unit is not running, when in some table the rows read are not those
    ///   written and dropped, or when rows were dropped that no loss accounts for.
    package func complete(_ key: UnitKey, _ completion: UnitCompletion) throws(HostError) {
        try Self.checkNothingIsLostInSilence(key, completion)
        try write { database in
            let number = try Self.number(of: key, database)
            try database.cachedStatement(
                sql: """
                    UPDATE unit
                    SET state = 'complete', target_id = ?, target_url = ?, work_revision = ?, seconds = ?
                    WHERE number = ? AND state = 'running'
                    """
            ).execute(arguments: [
                LedgerText.value(completion.targetID), LedgerText.value(completion.targetURL),
                LedgerText.value(completion.revision), completion.seconds, number,
            ])
            guard database.changesCount == 1 else {
                throw HostError(
                    .invalidState, "a unit that was not begun cannot be complete.", subject: key.label)
            }
            try Self.replaceCounts(number, completion, database)
            try Self.replaceLosses(number, completion.losses, database)
        }
    }

    /// Notes why the unit failed. Its progress stays, for the next attempt.
    package func fail(_ key: UnitKey, _ error: HostError, losses: LossTally = LossTally()) throws(HostError) {
        try write { database in
            let number = try Self.end(key, as: .failed, reason: nil, database)
            try Self.forget("failure", number, database)
            try database.cachedStatement(
                sql: """
                    INSERT INTO failure (unit, status, retry, http_status, subject, message, remedy, detail)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                number, error.status.rawValue, error.retry.rawValue, error.httpStatus,
                LedgerText.value(error.subject), LedgerText.value(error.message),
                LedgerText.value(error.remedy),
                LedgerText.value(error.detail),
            ])
            try Self.replaceLosses(number, losses, database)
        }
    }

    /// Notes that the unit was left out on purpose.
    package func skip(_ key: UnitKey, reason: String) throws(HostError) {
        try write { database in
            let number = try Self.end(key, as: .skipped, reason: reason, database)
            try Self.forget("failure", number, database)
        }
    }

    private static func end(
        _ key: UnitKey, as state: UnitState, reason: String?, _ database: Database
    ) throws -> Int64 {
        let number = try number(of: key, database)
        try database.cachedStatement(
            sql: "UPDATE unit SET state = ?, reason = ? WHERE number = ? AND state <> 'complete'"
        ).execute(arguments: [state.rawValue, LedgerText.value(reason), number])
        guard database.changesCount == 1 else {
            throw HostError(
                .invalidState, "a complete unit cannot become \(state.rawValue).", subject: key.label)
        }
        return number
    }

    private static func checkNothingIsLostInSilence(
        _ key: UnitKey, _ completion: UnitCompletion
    ) throws(HostError) {
        for (table, counts) in completion.counts {
            guard counts.isBalanced else {
                throw HostError(
                    .invalidState,
                    "of \(counts.read) rows of \(table.label) read, \(counts.written) were written and"
                        + " \(counts.dropped) dropped: the unit is not complete.", subject: key.label)
            }
            let told = completion.losses.rowsRemoved(from: table)
            guard told >= counts.dropped else {
                throw HostError(
                    .invalidState,
                    "\(counts.dropped) rows of \(table.label) were dropped, and losses tell of \(told).",
                    subject: key.label)
            }
        }
    }

    private static func replaceCounts(_ number: Int64, _ completion: UnitCompletion, _ database: Database)
        throws
    {
        try forget("row_count", number, database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO row_count (unit, records, read, written, dropped, checksum_first, checksum_second)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (table, counts) in completion.counts {
            let checksum = completion.checksums[table] ?? TableChecksum()
            try statement.execute(arguments: [
                number, table.rawValue, counts.read, counts.written, counts.dropped,
                Int64(bitPattern: checksum.first), Int64(bitPattern: checksum.second),
            ])
        }
    }

    private static func replaceLosses(_ number: Int64, _ losses: LossTally, _ database: Database) throws {
        try forget("loss", number, database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO loss (unit, position, kind, records, code, row_count, note, examples_json)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, entry) in losses.entries.enumerated() {
            try statement.execute(arguments: [
                number, position, entry.kind.rawValue, entry.table.rawValue, LedgerText.value(entry.code),
                entry.rows,
                LedgerText.value(entry.note), try LedgerJSON.encode(entry.examples),
            ])
        }
    }
}
