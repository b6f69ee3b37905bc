// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Rows of losses/1.
struct LossRows {
    private var rows: [LossReport] = []

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(
        _ table: Table, _ path: String, _ code: String, rows count: Int64 = 1, kind: LossKind = .dropped,
        _ note: String
    ) {
        rows.append(LossReport(kind, table, code, rows: count, path: path, note: note))
    }

    /// nil when there is none.
    func batch() throws(HostError) -> RecordBatch? {
        guard !rows.isEmpty else { return nil }
        return try RecordBatch(
            .losses,
            [
                ("table", .text(rows.map(\.table.rawValue))), ("path", .text(rows.map(\.path))),
                ("code", .text(rows.map(\.code))), ("rows", .int64(rows.map(\.rows))),
                ("note", .text(rows.map(\.note))), ("kind", .text(rows.map(\.kind.label))),
            ])
    }
}
