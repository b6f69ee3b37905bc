// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import HostCore
internal import HostRecords

extension RunSnapshot {
    package init(_ state: RunMonitor.State, job: JobSettings, started: Date, now: Date) {
        self.init(
            job: job.name, from: job.sourceLabel, to: job.targetLabel, phase: state.phase,
            unitsDone: state.complete + state.skipped + state.failed, unitsTotal: state.unitsTotal,
            failed: state.failed, elapsed: now.timeIntervalSince(started), fileBytes: state.fileBytes,
            retries: state.retries)
        tables = Table.records.compactMap { table in
            state.counts[table].map { TableLine(table.label, read: $0.read, written: $0.written) }
        }
        losses = RunSnapshot.byCode(state.losses)
        waiting = state.waiting.map { WaitingLine($0.reason, until: $0.until.timeIntervalSince(started)) }
        workers = state.workers.enumerated().map { number, worker in
            // Files of directories are not announced: with them more may be done than the whole.
            let whole = worker.total.flatMap { $0 < worker.done ? nil : $0 }
            return WorkerLine(
                number: number + 1, unit: worker.unit, phase: worker.phase,
                done: worker.done > 0 || whole != nil ? worker.done : nil, of: whole)
        }
    }

    /// One code may come for several tables and kinds.
    private static func byCode(_ losses: LossTally) -> [LossLine] {
        var lines: [LossLine] = []
        for entry in losses.entries {
            if let position = lines.firstIndex(where: { $0.code == entry.code }) {
                lines[position].rows += entry.rows
            } else {
                lines.append(LossLine(entry.code, rows: entry.rows))
            }
        }
        return lines
    }
}
