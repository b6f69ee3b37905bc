// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// What a run came to; the last line of `--json` and `report.json`.
package struct JobResult: Sendable {
    package let name: String
    package let folder: String
    package var state = RunMonitor.State()
    package var seconds = 0.0
    /// What ended the job before all units had ended.
    package var stoppedBy: HostError?
    /// The signal, when one asked to stop.
    package var signal: Int32?

    package init(name: String, folder: String) {
        self.name = name
        self.folder = folder
    }

    /// The codes of the manual: 0, 65, 69, 75, 77 and the signals'.
    package var exitCode: Int32 {
        if let stoppedBy {
            if stoppedBy.status == .cancelled { return signal == 15 ? 143 : 130 }
            return ExitCode.of(stoppedBy)
        }
        if state.failures.contains(where: { $0.error.retryClass == .later }) { return ExitCode.again }
        if state.failed > 0 || state.rejected > 0 { return ExitCode.data }
        return ExitCode.done
    }

    package var json: [String: Any] {
        var records: [String: Any] = [:]
        for table in Table.records {
            guard let counts = state.counts[table] else { continue }
            records[table.label] = ["read": counts.read, "written": counts.written, "lost": counts.dropped]
        }
        for table in [Table.fields, .points, .series, .histograms, .files] where records[table.label] == nil {
            records[table.label] = ["read": 0, "written": 0, "lost": 0]
        }
        var losses: [String: Int64] = [:]
        for entry in state.losses.entries { losses[entry.code, default: 0] += entry.rows }
        var object: [String: Any] = [
            "job": name, "folder": folder,
            "units": [
                "seen": state.unitsSeen, "complete": state.complete, "skipped": state.skipped,
                "failed": state.failed,
            ],
            "records": records, "losses": losses, "file_bytes": state.fileBytes,
            "seconds": (seconds * 1000).rounded() / 1000, "exit_code": Int(exitCode),
        ]
        object["failures"] = state.failures.map { failure in
            [
                "project": failure.unit.project, "id": failure.unit.id, "status": failure.error.status.label,
                "subject": failure.error.subject, "message": failure.error.message,
                "remedy": failure.error.remedy,
            ]
        }
        if let stoppedBy { object["stopped_by"] = stoppedBy.description }
        return object
    }

    /// One line, keys sorted.
    package var jsonLine: String { JSONText.line(json) }

    /// Leaves `report.json` in the job's folder; a full disk at this point loses the report alone.
    func save() {
        var object = json
        object["loss_details"] = state.losses.entries.map { entry in
            [
                "code": entry.code, "kind": entry.kind.label, "table": entry.table.label, "rows": entry.rows,
                "examples": entry.examples, "note": entry.note,
            ] as [String: Any]
        }
        let data = Data((JSONText.line(object) + "\n").utf8)
        try? data.write(to: URL(fileURLWithPath: folder + "/report.json"), options: .atomic)
    }
}

/// JSON on one line.
package enum JSONText {
    package static func line(_ object: Any) -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
