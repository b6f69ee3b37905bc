// SPDX-License-Identifier: Apache-2.0

package import HostCore
internal import HostRecords

extension RunSummary {
    package init(_ result: JobResult) {
        let state = result.state
        self.init(
            seen: state.unitsSeen, complete: state.complete, skipped: state.skipped, failed: state.failed,
            tables: Self.tables(state.counts, state.losses), losses: Self.losses(state.losses),
            failures: state.failures.map { Failure(unit: $0.unit.shown, error: $0.error) },
            seconds: result.seconds, stop: result.stoppedBy)
        advice = Self.advice(result)
    }

    static func tables(_ counts: CountsByTable, _ losses: LossTally) -> [TableResult] {
        let lost = Dictionary(grouping: losses.entries, by: \.table)
        return Table.records.compactMap { table in
            let kinds = (lost[table] ?? []).reduce(into: [LossKind: Int64]()) {
                $0[$1.kind, default: 0] += $1.rows
            }
            guard counts[table] != nil || !kinds.isEmpty else { return nil }
            return TableResult(
                table.label, read: counts[table]?.read ?? 0, written: counts[table]?.written ?? 0,
                losses: kinds)
        }
    }

    static func losses(_ tally: LossTally) -> [Loss] {
        tally.entries.map {
            Loss(
                $0.code, table: $0.table.label, rows: $0.rows, example: $0.examples.first ?? "", note: $0.note
            )
        }
    }

    /// In a few words, why the run ended as it did.
    package var reason: String {
        if let stop { return stop.message }
        return failed == 0 ? "done" : "\(failed) units failed"
    }

    private static func advice(_ result: JobResult) -> [String] {
        var lines: [String] = []
        let again = "Run the same command again to go on: what is complete is not written again."
        switch (result.stoppedBy, result.exitCode) {
        case (nil, ExitCode.done): break
        case (nil, ExitCode.again): lines.append(again)
        case (nil, _) where result.state.failed > 0:
            lines.append("Once their cause is put right, the same command tries the failed units again.")
        case (nil, _):
            lines.append(
                NumberText.grouped(result.state.rejected)
                    + " rows were refused by the source or the target: see the losses."
            )
        case (_?, ExitCode.again), (_?, ExitCode.unavailable), (_?, 130), (_?, 143): lines.append(again)
        default: lines.append("Once that is put right, the same command goes on where this run stopped.")
        }
        return lines + ["Report: \(result.folder)/report.json"]
    }
}
