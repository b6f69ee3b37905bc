// SPDX-License-Identifier: Apache-2.0

internal import GRDB
package import HostRecords

extension Ledger {
    /// Notes that the source has this unit; its state stays, what the source says of it is renewed.
    @discardableResult
    package func sawUnit(_ record: UnitRecord) throws(HostError) -> Sighting {
        try write { try Self.saw(record, $0) }
    }

    /// The same for a page of a listing, in one transaction; answers are in the order of `records`.
    @discardableResult
    package func sawUnits(_ records: [UnitRecord]) throws(HostError) -> [Sighting] {
        try write { database in try records.map { try Self.saw($0, database) } }
    }

    package func unit(_ key: UnitKey) throws(HostError) -> StoredUnit? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: Self.selectUnit + " WHERE unit.kind = ? AND unit.project = ? AND unit.id = ?")
            return try Row.fetchOne(statement, arguments: key.arguments).map(Self.storedUnit)
        }
    }

    /// Units in some of these states, in the order first listed, beginning after the unit of that number.
    package func units(
        in states: Set<UnitState>, after number: Int64 = 0, limit: Int = 1_000
    ) throws(HostError) -> [StoredUnit] {
        let names = states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return try read { database in
            let statement = try database.cachedStatement(
                sql: Self.selectUnit
                    + " WHERE unit.state IN (\(names)) AND unit.number > ? ORDER BY unit.number LIMIT ?")
            return try Row.fetchAll(statement, arguments: [number, limit]).map(Self.storedUnit)
        }
    }

    /// Runs `body` on each unit in some of these states, a page in memory at a time.
    ///
    /// `body` may call the ledger. It meets each unit at most once, in the state that its page saw.
    package func forEachUnit(
        in states: Set<UnitState>, _ body: (StoredUnit) throws(HostError) -> Void
    ) throws(HostError) {
        var last: Int64 = 0
        while true {
            let page = try units(in: states, after: last)
            for unit in page { try body(unit) }
            guard let end = page.last else { return }
            last = end.number
        }
    }

    /// Where the unit is, or is being made, in the target.
    package func targetID(of key: UnitKey) throws(HostError) -> String? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT target_id FROM unit WHERE kind = ? AND project = ? AND id = ?")
            return try Row.fetchOne(statement, arguments: key.arguments)?.text("target_id")
        }
    }

    static func number(of key: UnitKey, _ database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: "SELECT number FROM unit WHERE kind = ? AND project = ? AND id = ?")
        guard let number = try Int64.fetchOne(statement, arguments: key.arguments) else {
            throw HostError(.notFound, "the ledger has never seen this unit.", subject: key.label)
        }
        return number
    }

    private static func saw(_ record: UnitRecord, _ database: Database) throws -> Sighting {
        let statement = try database.cachedStatement(sql: upsert)
        let values: [DatabaseValue] = [
            LedgerText.value(record.key.kind), LedgerText.value(record.key.project),
            LedgerText.value(record.key.id),
            LedgerText.value(record.name), LedgerText.value(record.group), LedgerText.value(record.state),
            LedgerText.value(record.owner), LedgerText.value(record.parent),
            LedgerText.value(record.forkParent),
            record.forkStep.databaseValue, record.forkMillionths.databaseValue,
            record.created.databaseValue, record.started.databaseValue, record.ended.databaseValue,
            record.archived.databaseValue, LedgerText.value(record.revision), record.rows.databaseValue,
        ]
        guard let row = try Row.fetchOne(statement, arguments: StatementArguments(values)) else {
            throw HostError(.internal, "the ledger did not take the unit.", subject: record.key.label)
        }
        return Sighting(state: try state(row), storedRevision: row.text("work_revision"))
    }

    private static let upsert: String = {
        let key = ["kind", "project", "id"]
        let rest = [
            "name", "experiment", "status", "owner", "parent", "fork_parent", "fork_step", "fork_millionths",
            "created_ms", "started_ms", "ended_ms", "archived", "revision", "row_estimate",
        ]
        let columns = key + rest
        return """
            INSERT INTO unit (\(columns.joined(separator: ", ")), state)
            VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")), '\(UnitState.seen.rawValue)')
            ON CONFLICT (kind, project, id) DO UPDATE SET
            \(rest.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            RETURNING state, work_revision
            """
    }()
}

extension UnitRef {
    var arguments: StatementArguments {
        StatementArguments([LedgerText.value(kind), LedgerText.value(project), LedgerText.value(id)])
    }

    /// How messages name a unit.
    var label: String { "\(kind) \(project)/\(id)" }
}
