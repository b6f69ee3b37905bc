// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

/// Rows of units/1.
enum UnitRows {
    static func refs(_ batch: RecordBatch) -> [UnitRef] { records(batch).map(\.key) }

    static func records(_ batch: RecordBatch) -> [UnitRecord] {
        guard batch.table == .units else { return [] }
        let created = batch.time("created")
        let started = batch.time("started")
        let ended = batch.time("ended")
        return (0..<batch.count).map { row in
            UnitRecord(
                key: UnitKey(
                    kind: batch.text("kind")[row] ?? "", project: batch.text("project")[row] ?? "",
                    id: batch.text("id")[row] ?? ""),
                name: batch.text("name")[row], group: batch.text("group")[row],
                state: batch.text("state")[row],
                owner: batch.text("owner")[row], parent: batch.text("parent")[row],
                forkParent: batch.text("fork_parent")[row], created: created[row].map { $0 / 1000 },
                started: started[row].map { $0 / 1000 }, ended: ended[row].map { $0 / 1000 },
                archived: batch.bool("archived")[row] ?? false, revision: batch.text("revision")[row] ?? "")
        }
    }

    static func all(_ exporter: RawExporter) throws -> [UnitRecord] {
        let reader = try exporter.list()
        defer { reader.close() }
        var units: [UnitRecord] = []
        for item in try reader.all() {
            guard item.batch.table == .units else {
                throw Finding(
                    "R-EXPORT-1", expected: "list gives units/1",
                    happened: "a batch of \(item.batch.table.rawValue)")
            }
            units += records(item.batch)
        }
        return units
    }

    /// The first units of the listing, which is not read further.
    static func some(_ exporter: RawExporter, most: Int) throws -> [UnitRef] {
        let reader = try exporter.list()
        defer { reader.close() }
        var units: [UnitRef] = []
        while units.count < most, let item = try reader.next() { units += refs(item.batch) }
        return Array(units.prefix(most))
    }
}

/// Everything that a unit's reader gives.
struct ReadUnit {
    var batches: [RawBatch] = []
    var losses: [LossReport] = []
    private let exporter: RawExporter

    init(_ exporter: RawExporter, _ unit: UnitRef, from cursor: [UInt8] = []) throws {
        self.exporter = exporter
        exporter.endpoint.losses = []
        let reader = try exporter.read(unit, from: cursor)
        defer { reader.close() }
        batches = try reader.all()
        losses = exporter.endpoint.losses
        for item in batches where item.batch.table == .losses { losses += Self.reports(item.batch) }
    }

    /// Order-free, of all tables.
    var checksum: String { Self.checksum(batches) }

    /// Losses are left out: those of padding may be summed up at the end.
    static func checksum(_ batches: [RawBatch]) -> String {
        var sums: [Table: TableChecksum] = [:]
        for item in batches where item.batch.table != .losses {
            sums[item.batch.table, default: TableChecksum()] += RowHash.checksum(item.batch)
        }
        return sums.filter { $0.value != TableChecksum() }.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.key.label) \(String($0.value.first, radix: 16))" }.joined(separator: ", ")
    }

    var counts: [Table: Int] {
        batches.reduce(into: [:]) { $0[$1.batch.table, default: 0] += $1.batch.count }
    }

    /// Every record, with a mark for the bytes of its file.
    func rowSet() throws -> RowSet {
        var set = RowSet()
        for item in batches where Table.records.contains(item.batch.table) {
            try set.add(item.batch) { FixtureBlobs.mark(try exporter.blob(Array($0.utf8)).bytes) }
        }
        return set
    }

    static func reports(_ batch: RecordBatch) -> [LossReport] {
        (0..<batch.count).map { row in
            LossReport(
                batch.text("kind")[row].flatMap { LossKind(label: $0) } ?? .dropped,
                Table(rawValue: batch.text("table")[row] ?? "") ?? .fields, batch.text("code")[row] ?? "",
                rows: batch.int64("rows")[row] ?? 1, path: batch.text("path")[row] ?? "",
                note: batch.text("note")[row] ?? "")
        }
    }
}
