// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostRecords

struct ExportTwice: ConformanceTest {
    let name = "export-twice"
    let level = Level.exporter
    let summary = "reading a unit again gives the same rows, also in another instance"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        let other = try bench.openExporter()
        defer { other.close() }
        var rows = 0
        for unit in try UnitRows.some(exporter, most: ExportLimits.units) {
            let first = try ReadUnit(exporter, unit)
            rows += first.counts.values.reduce(0, +)
            for again in [try ReadUnit(exporter, unit), try ReadUnit(other, unit)] {
                bench.expect(
                    again.checksum == first.checksum, "R-EXPORT-9",
                    expected: "\(unit.id) reads the same: \(first.checksum)",
                    happened: again.checksum)
            }
        }
        bench.events.note("\(rows) rows")
    }
}

struct ExportRestart: ConformanceTest {
    let name = "export-restart"
    let level = Level.exporter
    let summary = "from every cursor come exactly the rows behind it"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        var cursors = 0
        for unit in try UnitRows.some(exporter, most: ExportLimits.units) {
            let whole = try ReadUnit(exporter, unit)
            let stride = max(1, whole.batches.count / 10)
            for (index, item) in whole.batches.enumerated()
            where index % stride == 0 || index == whole.batches.count - 1 {
                guard !item.cursor.isEmpty, cursors < ExportLimits.cursors * 5 else { continue }
                cursors += 1
                // A new instance: what a cursor needs has to be in it.
                let other = try bench.openExporter()
                defer { other.close() }
                let rest = try ReadUnit(other, unit, from: item.cursor)
                let wanted = ReadUnit.checksum(Array(whole.batches[(index + 1)...]))
                guard rest.checksum == wanted else {
                    throw Finding(
                        "R-EXPORT-7", expected: "behind batch \(index + 1) of \(unit.id): \(wanted)",
                        happened: rest.checksum.isEmpty ? "nothing" : rest.checksum)
                }
            }
        }
        bench.events.note("\(cursors) cursors")
    }
}

struct ExportBatches: ConformanceTest {
    let name = "export-batches"
    let level = Level.exporter
    let summary =
        "batches keep their limits; types, steps and values fit together; names of fields are unique"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        for unit in try UnitRows.some(exporter, most: ExportLimits.units) {
            var names: Set<ExactText> = []
            for item in try ReadUnit(exporter, unit).batches {
                let batch = item.batch
                bench.expect(
                    Table.records.contains(batch.table) || batch.table == .losses, "R-EXPORT-1",
                    expected: "read gives tables of records", happened: batch.table.rawValue)
                let most = batch.count == 1 ? 2 * Int(HOST_MAX_BATCH_BYTES) : Int(HOST_MAX_BATCH_BYTES)
                bench.expect(
                    batch.count <= Int(HOST_MAX_BATCH_ROWS) && batch.byteCount <= most, "R-EXPORT-2",
                    expected: "at most \(HOST_MAX_BATCH_ROWS) rows and \(most) bytes",
                    happened: "\(batch.count) rows, \(batch.byteCount) bytes of \(batch.table.label)")
                if batch.table == .fields { fields(batch, unit, &names, bench) }
                if batch.table.columns.contains(where: { $0.name == "millionths" }) { steps(batch, bench) }
            }
        }
    }

    private func fields(_ batch: RecordBatch, _ unit: UnitRef, _ names: inout Set<ExactText>, _ bench: Bench)
    {
        let view = FieldsView(batch)
        for row in 0..<view.count {
            let path = view.path[row] ?? ""
            bench.expect(
                view.value(row) != nil, "R-EXPORT-14", expected: "the column that `type` names has the value",
                happened: "'\(path)' is \(view.type[row] ?? "") and that column is null")
            let others = [
                ("int", view.int[row] != nil), ("float", view.float[row] != nil),
                ("text", view.text[row] != nil),
                ("bool", view.bool[row] != nil), ("time", view.time[row] != nil),
                ("set", view.set.texts(row) != nil),
            ].filter { $0.1 && $0.0 != view.type[row] }
            bench.expect(
                others.isEmpty, "R-EXPORT-14", expected: "one column has the value",
                happened: "'\(path)' has \(others.map(\.0).joined(separator: ", ")) too")
            bench.expect(
                names.insert(ExactText("\(view.role[row] ?? "") \(path)")).inserted, "R-ROUND-2",
                expected: "one field of a role and name in a unit",
                happened: "'\(path)' of \(unit.id) comes twice")
        }
    }

    private func steps(_ batch: RecordBatch, _ bench: Bench) {
        let millionths = batch.int32("millionths")
        let whole = batch.int64("step")
        for row in 0..<batch.count {
            guard let part = millionths[row], part != 0 else { continue }
            bench.expect(
                (1...999_999).contains(part) && whole[row] != nil, "R-EXPORT-14",
                expected: "millionths from 1 to 999,999 above a whole step", happened: "\(part)")
        }
    }
}

struct ExportRelease: ConformanceTest {
    let name = "export-release"
    let level = Level.exporter
    let summary = "batches live on after their reader, in any order, on any thread"
    let crashRule = "R-EXPORT-3"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        let units = try UnitRows.some(exporter, most: 5)
        let live = try units.map { try ReadUnit(exporter, $0).checksum }
        var held: [[RawBatch]] = try units.map { unit in
            let reader = try exporter.read(unit)
            defer { reader.close() }
            return try reader.all()
        }
        exporter.close()
        bench.events.call("reading batches after exporter.close")
        let late = held.map { ReadUnit.checksum($0) }
        bench.expect(late == live, "R-EXPORT-3", expected: "the same values after close", happened: "others")
        nonisolated(unsafe) var backwards = Array(held.joined().reversed())
        held = []
        _ = try Parallel.run(1) { _ in
            bench.events.call("releasing batches on another thread")
            while !backwards.isEmpty { backwards.removeFirst() }
        }
    }
}

struct ExportBlobs: ConformanceTest {
    let name = "export-blobs"
    let level = Level.exporter
    let summary = "the bytes of files have the size and hash that their row says"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        var files = 0
        for unit in try UnitRows.some(exporter, most: ExportLimits.units) {
            for item in try ReadUnit(exporter, unit).batches where item.batch.table == .files {
                let view = FilesView(item.batch)
                for row in 0..<min(view.count, 50) {
                    try check(bench, exporter, view, row, unit)
                    files += 1
                }
            }
        }
        bench.events.note("\(files) files")
    }

    private func check(
        _ bench: Bench, _ exporter: RawExporter, _ view: FilesView, _ row: Int, _ unit: UnitRef
    ) throws {
        let name = "'\(view.name[row] ?? "")' of \(unit.id)"
        let blob: (bytes: [UInt8], announced: Int64)
        do {
            blob = try exporter.blob(Array((view.blob[row] ?? "").utf8))
        } catch let error as HostError {
            bench.expect(
                error.status == .notFound, "R-EXPORT-15", expected: "a file that is gone is HOST_NOT_FOUND",
                happened: "\(name): \(error)")
            return
        }
        let size = Int64(blob.bytes.count)
        for (what, said) in [("row", view.size[row]), ("blob", blob.announced < 0 ? nil : blob.announced)] {
            if let said, said != size {
                bench.note(
                    "R-EXPORT-15", expected: "\(name) has the \(said) bytes that its \(what) says",
                    happened: "\(size)")
            }
        }
        if let hash = view.sha256[row] {
            let real = Hash.sha256(blob.bytes)
            bench.expect(
                real == hash.lowercased(), "R-EXPORT-15", expected: "\(name) has the hash of its row",
                happened: real)
        }
    }
}

struct ExportReadsOnly: ConformanceTest {
    let name = "export-reads-only"
    let level = Level.exporter
    let summary = "a source that is a folder is not changed by reading"

    func reasonToSkip(_ subject: Subject) -> String? {
        if let reason = Need.exporter(subject) { return reason }
        return FolderState.location(subject.briefing.exporter) == nil ? "the source is no folder" : nil
    }

    func run(_ bench: Bench) throws {
        guard let folder = FolderState.location(try bench.values(bench.briefing.exporter)) else { return }
        let before = try FolderState(folder)
        let exporter = try bench.openExporter()
        for unit in try UnitRows.some(exporter, most: ExportLimits.units) { _ = try ReadUnit(exporter, unit) }
        exporter.close()
        if let change = before.difference(to: try FolderState(folder)) {
            bench.note("R-EXPORT-17", expected: "an exporter writes nothing", happened: change)
        }
    }
}
