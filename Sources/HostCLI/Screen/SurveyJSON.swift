// SPDX-License-Identifier: Apache-2.0

package import HostCore
internal import HostRecords

/// What a source holds, as programs read it.
///
/// The counts of a project are those of all its units; `kinds` has them for each kind of unit alone.
package enum SurveyJSON {
    package static func object(_ result: SurveyResult) -> JSONLine {
        var totals = JSONLine([
            ("projects", .integer(Int64(result.projects.count))),
            ("units", .object(units(result.projects.flatMap(\.kinds)))),
        ])
        totals.add(counts(result.tally))
        return JSONLine([
            ("projects", .list(result.projects.map { .object(project($0)) })), ("totals", .object(totals)),
            ("unreadable", .list(result.unreadable.map { .object(unreadable($0)) })),
        ])
    }

    private static func project(_ project: SurveyResult.Project) -> JSONLine {
        var line = JSONLine([("project", .text(project.project)), ("units", .object(units(project.kinds)))])
        line.add(counts(project.tally))
        let runs = project.kinds.filter { $0.kind == "run" }.flatMap(\.units)
        line.add("runs", .list(runs.map { .object(unit($0)) }))
        line.add("kinds", .object(JSONLine(project.kinds.map { ($0.kind, .object(counts($0.tally))) })))
        return line
    }

    /// Kinds of several projects are added up.
    private static func units(_ kinds: [SurveyResult.Kind]) -> JSONLine {
        let sums = Dictionary(kinds.map { ($0.kind, Int64($0.units.count)) }, uniquingKeysWith: +)
        return JSONLine(sums.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
    }

    private static func counts(_ tally: SurveyTally) -> JSONLine {
        let paths = tally.paths
        let steps = tally.steps
        let tables = Table.records.compactMap { table in
            tally.rows[table].map { (table.label, JSONLine.Value.integer($0)) }
        }
        let types = paths.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            ($0.key.rawValue, JSONLine.Value.integer(Int64($0.value)))
        }
        let losses = Dictionary(tally.losses.entries.map { ($0.code, $0.rows) }, uniquingKeysWith: +)
        return JSONLine([
            ("records", .integer(tally.records)), ("tables", .object(JSONLine(tables))),
            ("attribute_types", .object(JSONLine(types))),
            (
                "steps",
                .object(
                    JSONLine([
                        ("total", .integer(steps.total)), ("unique", .integer(Int64(steps.distinct))),
                        ("min", steps.least.map { .decimal($0.text) } ?? .null),
                        ("max", steps.most.map { .decimal($0.text) } ?? .null),
                    ]))
            ),
            ("file_bytes", .integer(tally.fileBytes)),
            (
                "losses",
                .object(JSONLine(losses.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
            ),
        ])
    }

    private static func unit(_ unit: SurveyResult.Unit) -> JSONLine {
        JSONLine([
            ("id", .text(unit.key.id)), ("name", unit.name.map { .text($0) } ?? .null),
            ("records", .integer(unit.records)),
        ])
    }

    private static func unreadable(_ unit: SurveyResult.Unreadable) -> JSONLine {
        JSONLine([
            ("kind", unit.unit.map { .text($0.kind) } ?? .null),
            ("project", unit.unit.map { .text($0.project) } ?? .null),
            ("id", unit.unit.map { .text($0.id) } ?? .null), ("subject", .text(unit.error.subject)),
            ("message", .text(unit.error.message)), ("status", .text(unit.error.status.label)),
        ])
    }
}
