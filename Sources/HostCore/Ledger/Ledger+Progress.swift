// SPDX-License-Identifier: Apache-2.0

internal import GRDB
package import HostRecords

extension Ledger {
    /// Notes that writing a unit begins.
    ///
    /// - Parameter resuming: the saved progress still holds and the work goes on after it; else all that is
    ///   known of earlier work on the unit is forgotten.
    package func begin(
        _ key: UnitKey, resuming: Bool, targetID: String? = nil, targetURL: String? = nil
    ) throws(HostError) {
        try write { database in
            let number = try Self.number(of: key, database)
            let target =
                resuming
                ? "coalesce(?, target_id), target_url = coalesce(?, target_url)" : "?, target_url = ?"
            try database.cachedStatement(
                sql: """
                    UPDATE unit SET state = 'running', work_revision = revision, attempts = attempts + 1,
                    reason = NULL, seconds = NULL, target_id = \(target) WHERE number = ?
                    """
            ).execute(arguments: [LedgerText.value(targetID), LedgerText.value(targetURL), number])
            try Self.forget("failure", number, database)
            if !resuming {
                for table in ["progress", "row_count", "loss"] { try Self.forget(table, number, database) }
            }
        }
    }

    /// Notes what the loader has called durable. The unit must be running, and progress never goes back.
    package func saveProgress(_ key: UnitKey, _ progress: UnitProgress) throws(HostError) {
        try write { database in
            guard let sequence = Int64(exactly: progress.sequence) else {
                throw HostError(
                    .invalidState, "the batch number \(progress.sequence) is too large.", subject: key.label)
            }
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO progress (unit, sequence, progress_json)
                    SELECT number, ?, ? FROM unit
                    WHERE kind = ? AND project = ? AND id = ? AND state = 'running'
                    ON CONFLICT (unit) DO UPDATE
                    SET sequence = excluded.sequence, progress_json = excluded.progress_json
                    WHERE excluded.sequence >= sequence
                    """)
            try statement.execute(arguments: [sequence, try LedgerJSON.encode(progress)] + key.arguments)
            if database.changesCount == 1 { return }
            throw HostError(
                .invalidState, "progress to batch \(sequence) came after the unit ended or went further.",
                subject: key.label)
        }
    }

    /// The last progress saved since the unit was begun anew; it stays when the unit is complete, so that a
    /// later pass can go on where the source has grown.
    package func progress(_ key: UnitKey) throws(HostError) -> UnitProgress? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT progress_json FROM progress JOIN unit ON unit.number = progress.unit
                    WHERE kind = ? AND project = ? AND id = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: key.arguments) else { return nil }
            return try LedgerJSON.decode(UnitProgress.self, row.requiredText("progress_json"))
        }
    }

    /// `table` is a word of this program.
    static func forget(_ table: String, _ number: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM \(table) WHERE unit = ?").execute(arguments: [number])
    }
}
