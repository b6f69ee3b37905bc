// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Makes runs of one project: the same options, the same records, from whatever cursor.
final class NullExporter: Exporter {
    static let project = "null/synthetic"

    let runs, series, points, seed: Int64

    init(_ options: Options, _ call: Call) throws(HostError) {
        runs = max(options.int("runs") ?? 0, 0)
        series = max(options.int("series") ?? 0, 0)
        points = max(options.int("points") ?? 0, 0)
        seed = options.int("seed") ?? 0
    }

    func check(_ call: Call) throws(HostError) {}

    func list(projects: [String], from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        let isWanted =
            projects.isEmpty || projects.contains { $0 == "*" || $0 == "null/*" || $0 == Self.project }
        return try Pages(of: isWanted ? runs : 0, from: cursor) { rows throws(HostError) in
            let ids = rows.map { Optional("NULL-\($0 + 1)") }
            return try RecordBatch(
                .units,
                [
                    ("kind", .text(ids.map { _ in "run" })),
                    ("project", .text(ids.map { _ in Self.project })),
                    ("id", .text(ids)), ("group", .text(ids.map { _ in "synthetic" })),
                    ("revision", .text(ids.map { _ in "\(self.series)x\(self.points), seed \(self.seed)" })),
                    ("rows", .int64(ids.map { _ in self.series * self.points })),
                ])
        }
    }

    func paths(_ unit: UnitRef, _ call: Call) throws(HostError) -> any BatchSource {
        let names = (0..<series).map { Optional("metric/\($0)") }
        return BatchList([
            try RecordBatch(
                .paths,
                [
                    ("path", .text(names)), ("table", .text(names.map { _ in Table.points.rawValue })),
                    ("role", .text(names.map { _ in "" })), ("rows", .int64(names.map { _ in points })),
                ])
        ])
    }

    func read(_ unit: UnitRef, from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        guard let run = Int64(unit.id.dropFirst("NULL-".count)), 1...max(runs, 1) ~= run else {
            throw HostError(.notFound, "There is no such run.", subject: unit.id)
        }
        let names = (0..<series).map { Optional("metric/\($0)") }
        return try Pages(of: series * points, from: cursor) { rows throws(HostError) in
            let codes = rows.map { Int32($0 / self.points) }
            return try RecordBatch(
                .points,
                [
                    ("path", .encodedText(EncodedText(texts: names.compactMap { $0 }, codes: codes))),
                    ("step", .denseInt64(rows.map { $0 % self.points })),
                    ("time", .time(rows.map { 1_700_000_000_000_000 + ($0 % self.points) * 1_000_000 })),
                    ("value", .denseFloat64(rows.map { self.value(run, $0) })),
                ])
        }
    }

    func blob(_ ref: String, _ call: Call) throws(HostError) -> Blob {
        throw HostError(.notFound, "The null plugin has no files.", subject: ref)
    }

    /// From 0 to 1, evenly spread (the finalizer of SplitMix64).
    private func value(_ run: Int64, _ row: Int64) -> Double {
        var bits = UInt64(bitPattern: seed &* 1_000_003 &+ run) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(row)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) / 9_007_199_254_740_992
    }
}

/// Numbered rows in batches; the cursor is the number of the next row.
private final class Pages: BatchSource {
    typealias Make = (Range<Int64>) throws(HostError) -> RecordBatch

    private let count: Int64
    private var next: Int64
    private let make: Make

    init(of count: Int64, from cursor: [UInt8], _ make: @escaping Make) throws(HostError) {
        let place = cursor.isEmpty ? 0 : Int64(String(decoding: cursor, as: UTF8.self))
        guard let place, place >= 0 else {
            throw HostError(.invalidData, "This is not a cursor of the null plugin.")
        }
        self.count = count
        next = place
        self.make = make
    }

    func next(_ call: Call) throws(HostError) -> SourceBatch? {
        guard next < count else { return nil }
        let rows = next..<min(next + 16_384, count)
        next = rows.upperBound
        return SourceBatch(try make(rows), cursor: Array(String(next).utf8))
    }
}
