// SPDX-License-Identifier: Apache-2.0

package import HostCore
internal import HostRecords

/// Jobs as programs read them.
package enum StatusJSON {
    /// - Parameter failures: nil leaves them out, and counts alone are told.
    package static func object(_ report: JobReport, _ failures: [StoredUnit]? = nil) -> JSONLine {
        let totals = report.totals
        var line = JSONLine([
            ("job", .text(report.name)), ("folder", .text(report.folder)),
            (
                "settings",
                .object(
                    JSONLine(
                        report.identity.settings.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
                )
            ),
            ("held_by", report.holder.map { .object(holder($0)) } ?? .null),
            ("changed", .text(TimeText.utc(milliseconds: report.changed))),
            (
                "units",
                .object(
                    JSONLine(UnitState.allCases.map { ($0.rawValue, .integer(Int64(totals.units[$0] ?? 0))) })
                )
            ),
            ("records", .object(records(totals.records))), ("losses", .object(losses(totals.losses))),
        ])
        guard let failures else { return line }
        line.add("loss_details", .list(totals.losses.entries.map { .object(detail($0)) }))
        line.add("failures", .list(failures.map { .object(failure($0)) }))
        return line
    }

    private static func holder(_ holder: JobReport.Holder) -> JSONLine {
        JSONLine([
            ("pid", .text(holder.process)), ("machine", .text(holder.machine)),
            ("started", .text(holder.started)),
        ])
    }

    private static func records(_ counts: CountsByTable) -> JSONLine {
        JSONLine(
            Table.records.compactMap { table in
                counts[table].map {
                    (
                        table.label,
                        .object(
                            JSONLine([
                                ("read", .integer($0.read)), ("written", .integer($0.written)),
                                ("lost", .integer($0.dropped)),
                            ]))
                    )
                }
            })
    }

    /// One code may come for several tables.
    private static func losses(_ tally: LossTally) -> JSONLine {
        let sums = Dictionary(tally.entries.map { ($0.code, $0.rows) }, uniquingKeysWith: +)
        return JSONLine(sums.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
    }

    private static func detail(_ entry: LossEntry) -> JSONLine {
        JSONLine([
            ("code", .text(entry.code)), ("kind", .text(entry.kind.label)),
            ("table", .text(entry.table.label)),
            ("rows", .integer(entry.rows)), ("examples", .list(entry.examples.map { .text($0) })),
            ("note", .text(entry.note)),
        ])
    }

    private static func failure(_ unit: StoredUnit) -> JSONLine {
        let error = unit.failure
        return JSONLine([
            ("kind", .text(unit.record.key.kind)), ("project", .text(unit.record.key.project)),
            ("id", .text(unit.record.key.id)), ("name", unit.record.name.map { .text($0) } ?? .null),
            ("attempts", .integer(Int64(unit.attempts))), ("status", .text(error?.status.label ?? "")),
            ("subject", .text(error?.subject ?? "")), ("message", .text(error?.message ?? "")),
            ("remedy", .text(error?.remedy ?? "")),
        ])
    }
}
