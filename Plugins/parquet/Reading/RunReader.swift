// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Reads one run, part after part.
final class RunReader: BatchSource {
    private let runFiles: RunFiles
    private let zone: ZoneTable?
    private let fileRows: FileRows
    private var position: ArchivePosition
    private var part: PartReader?
    /// Batches that wait to be handed out; the last of them carries the position.
    private var waiting: [RecordBatch] = []
    private var padding: [Table: Int64] = [:]
    private var hasToldRest = false

    init(_ files: RunFiles, at position: ArchivePosition, zone: ZoneTable?, files fileRows: FileRows) {
        runFiles = files
        self.zone = zone
        self.fileRows = fileRows
        self.position = position
    }

    func next(_ call: Call) throws(HostError) -> SourceBatch? {
        while true {
            if !waiting.isEmpty {
                let batch = waiting.removeFirst()
                return SourceBatch(batch, cursor: waiting.isEmpty ? position.cursor : [])
            }
            guard let number = runFiles.parts.first(where: { $0 >= position.part }) else { return try rest() }
            if number != position.part {
                position = ArchivePosition()
                position.part = number
            }
            if part == nil { part = try PartReader(runFiles.path(number), at: position.place, zone: zone) }
            guard let next = try part?.next(&position.place) else {
                for (table, rows) in part?.padding ?? [:] { padding[table, default: 0] += rows }
                part = nil
                position = ArchivePosition()
                position.part = number + 1
                continue
            }
            switch next {
            case .records(let batch): waiting = [batch.table == .losses ? try CoreLosses.classified(batch) : batch]
            case .files(let files): waiting = try fileRows.batches(files)
            }
        }
    }

    /// What is told once, at the end: padding, and parts that are not there.
    private func rest() throws(HostError) -> SourceBatch? {
        guard !hasToldRest else { return nil }
        hasToldRest = true
        var losses = LossRows()
        for (table, rows) in padding.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            losses.add(
                table, "", "row.empty", "rows without any value, as Neptune Exporter pads its tables: nothing to move",
                rows: rows, kind: .noted)
        }
        for gap in runFiles.gaps {
            losses.add(
                .fields, runFiles.path(gap), "part.missing",
                "a part between others is not there; what it held is not known")
        }
        return try losses.batch().map { SourceBatch($0) }
    }
}

/// The core tells all its losses alike; some are of rows that it handed out nevertheless.
enum CoreLosses {
    private static let kinds: [String: LossKind] = [
        "text.invalid": .retyped, "time.rounded": .rounded, "time.unreadable": .redated, "value.null-item": .retyped,
    ]

    static func classified(_ batch: RecordBatch) throws(HostError) -> RecordBatch {
        var losses = LossRows()
        let tables = batch.text("table")
        let paths = batch.text("path")
        let codes = batch.text("code")
        let rows = batch.int64("rows")
        let notes = batch.text("note")
        for row in 0..<batch.count {
            let code = codes[row] ?? ""
            losses.add(
                Table(rawValue: tables[row] ?? "") ?? .fields, paths[row] ?? "", code, notes[row] ?? "",
                rows: rows[row] ?? 1, kind: kinds[code] ?? .dropped)
        }
        return try losses.batch() ?? batch
    }
}
