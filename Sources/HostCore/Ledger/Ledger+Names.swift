// SPDX-License-Identifier: Apache-2.0

internal import GRDB
package import HostRecords

extension Ledger {
    /// The renames of a scope: those of the project, and over them those of this unit alone.
    package func names(
        project: String, scope: NameScope, unit: UnitKey? = nil
    ) throws(HostError) -> [ExactText: String] {
        try read { database in
            let number = try unit.map { try Self.number(of: $0, database) } ?? 0
            return try Self.names(project, scope, number, database)
        }
    }

    /// Lets `build` make the renames of a unit from those its project already has, and keeps what is new,
    /// in one transaction: two workers cannot give one name to two sources.
    ///
    /// A source name has one target name in all units of a project. Only where a unit itself holds that
    /// target name, `build` must answer another, and it is kept for this unit alone.
    ///
    /// - Returns: what `build` returned.
    package func extendNames(
        project: String, scope: NameScope, unit: UnitKey, _ build: ([ExactText: String]) -> NameMap
    ) throws(HostError) -> NameMap {
        try write { database in
            let number = try Self.number(of: unit, database)
            let map = build(try Self.names(project, scope, number, database))
            try Self.save(map.renames, project, scope, number, database)
            return map
        }
    }

    /// Keeps renames. A source name that its project maps otherwise is kept for `unit` alone, or refused
    /// without one.
    package func saveNames(
        _ renames: [Rename], project: String, scope: NameScope, unit: UnitKey? = nil
    ) throws(HostError) {
        try write { database in
            let number = try unit.map { try Self.number(of: $0, database) } ?? 0
            try Self.save(renames, project, scope, number, database)
        }
    }

    private static func names(
        _ project: String, _ scope: NameScope, _ unit: Int64, _ database: Database
    ) throws -> [ExactText: String] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT source, target FROM rename
                WHERE project = ? AND scope = ? AND unit IN (0, ?) ORDER BY unit
                """)
        var names: [ExactText: String] = [:]
        let rows = try Row.fetchAll(statement, arguments: [LedgerText.value(project), scope.rawValue, unit])
        for row in rows { names[ExactText(row.requiredText("source"))] = row.requiredText("target") }
        return names
    }

    private static func save(
        _ renames: [Rename], _ project: String, _ scope: NameScope, _ unit: Int64, _ database: Database
    ) throws {
        if renames.isEmpty { return }
        let current = try names(project, scope, unit, database)
        let shared = unit == 0 ? current : try names(project, scope, 0, database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO rename (project, scope, unit, source, target) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (project, scope, unit, source) DO UPDATE SET target = excluded.target
                """)
        for rename in renames {
            let source = ExactText(rename.source)
            let target = ExactText(rename.target)
            if current[source].map({ ExactText($0) }) == target { continue }
            let known = shared[source].map { ExactText($0) }
            if known != nil && unit == 0 {
                throw HostError(
                    .conflict, "the name is already mapped to another one in this project.",
                    subject: rename.source)
            }
            let isShared = known == nil || known == target
            try statement.execute(arguments: [
                LedgerText.value(project), scope.rawValue, isShared ? 0 : unit,
                LedgerText.value(rename.source),
                LedgerText.value(rename.target),
            ])
            if known == target { try forget(source, project, scope, unit, database) }
        }
    }

    /// Takes away what one unit had of its own for a name.
    private static func forget(
        _ source: ExactText, _ project: String, _ scope: NameScope, _ unit: Int64, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: "DELETE FROM rename WHERE project = ? AND scope = ? AND unit = ? AND source = ?"
        ).execute(arguments: [LedgerText.value(project), scope.rawValue, unit, LedgerText.value(source.text)])
    }
}
