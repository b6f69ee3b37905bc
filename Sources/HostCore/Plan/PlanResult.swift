// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What a plan found.
package struct PlanResult: Sendable {
    package let settings: JobSettings
    /// Each option with its value (secrets as ***) and where it came from.
    package let origins: [(name: String, value: String, origin: String)]
    package var seen = 0
    /// Complete already, at the same revision.
    package var unchanged = 0
    package var toMove = 0
    package var counts: CountsByTable = [:]
    package var fileBytes: Int64 = 0
    package var losses = LossTally()
    package var collisions: [(unit: String, source: String, target: String)] = []
    package var unreadable: [(unit: String, error: HostError)] = []
    package var seconds = 0.0

    init(_ settings: JobSettings, origins: [(name: String, value: String, origin: String)]) {
        self.settings = settings
        self.origins = origins
    }

    mutating func add(_ loss: LossReport) { losses.add(LossEntry(loss)) }

    /// The source could not hand the rows over: read, as they are there, and dropped.
    mutating func addFromSource(_ loss: LossReport) {
        add(loss)
        guard loss.kind.removesRows else { return }
        counts[loss.table, default: TableCounts()] += TableCounts(read: loss.rows, dropped: loss.rows)
    }

    mutating func count(_ batch: RecordBatch, dropped: Int64) {
        let rows = Int64(batch.count)
        counts[batch.table, default: TableCounts()] += TableCounts(
            read: rows, written: rows - dropped, dropped: dropped)
        guard batch.table == .files else { return }
        let sizes = batch.int64("size")
        for row in 0..<batch.count { fileBytes += sizes[row] ?? 0 }
    }

    /// 0: nothing to do. 2: there is. 65: some of it can't be read.
    package var exitCode: Int32 {
        if !unreadable.isEmpty { return ExitCode.data }
        return toMove > 0 ? ExitCode.pending : ExitCode.done
    }

    package var json: [String: Any] {
        var records: [String: Any] = [:]
        for (table, counts) in counts {
            records[table.label] = ["read": counts.read, "written": counts.written, "lost": counts.dropped]
        }
        return [
            "plan": true, "job": settings.name, "from": settings.sourceLabel, "to": settings.targetLabel,
            "units": [
                "seen": seen, "unchanged": unchanged, "to_move": toMove, "unreadable": unreadable.count,
            ],
            "records": records, "file_bytes": fileBytes,
            "losses": losses.entries.reduce(into: [String: Int64]()) { $0[$1.code, default: 0] += $1.rows },
            "collisions": collisions.map { ["unit": $0.unit, "source": $0.source, "target": $0.target] },
            "unreadable": unreadable.map { ["unit": $0.unit, "message": $0.error.description] },
            "seconds": (seconds * 1000).rounded() / 1000, "exit_code": Int(exitCode),
        ]
    }
}
