// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

/// A unit that the kit makes up, before it is fitted to a target.
struct FixtureUnit {
    var record: UnitRecord
    var batches: [RecordBatch]
}

/// Units for loaders, from a seed: ordinary ones, and those in which everything stands that ever broke one.
///
/// The bytes of files are made from their reference alone, see `FixtureBlobs`.
struct Fixture {
    let project: String
    let kind: String
    private let seed: UInt64

    init(seed: UInt64, project: String, kind: String) {
        self.seed = seed
        self.project = project
        self.kind = kind
    }

    /// The project's name is the test's own, so that tests which share a server do not meet.
    init(_ bench: Bench, kind: String) {
        let parts = bench.testCase.scratch.split(separator: "/").suffix(2)
        self.init(
            seed: bench.testCase.seed, project: "conformance/" + parts.joined(separator: "-"), kind: kind)
    }

    func record(_ id: String, parent: String? = nil, state: String = "finished") -> UnitRecord {
        UnitRecord(
            key: UnitKey(kind: kind, project: project, id: id), name: "name of \(id)", group: "conformance",
            state: state, owner: "kit", parent: parent, created: 1_700_000_000_123,
            started: 1_700_000_000_456,
            ended: state == "running" ? nil : 1_700_000_900_789, revision: "r1")
    }

    /// No rows at all.
    func empty(_ id: String = "empty") -> FixtureUnit { FixtureUnit(record: record(id), batches: []) }

    /// Some of every table, in batches small enough that there is something between them.
    func plain(_ id: String = "plain", parent: String? = nil) throws(HostError) -> FixtureUnit {
        var batches = [try FixtureRows.fields()]
        var random = SeededGenerator(seed: seed, purpose: "plain \(id)")
        for part in 0..<4 {
            batches.append(
                try FixtureRows.points(["loss", "acc", "train/acc"], from: part * 20, count: 20, &random))
        }
        batches += [
            try FixtureRows.series(), try FixtureRows.histograms(), try FixtureRows.files(),
            try FixtureRows.links(project),
            try FixtureRows.grants(),
        ]
        return FixtureUnit(record: record(id, parent: parent), batches: batches)
    }

    /// Values at the edge of what tables.h allows, names that are hard to keep, a batch without rows.
    func edge(_ id: String = "edge") throws(HostError) -> FixtureUnit {
        FixtureUnit(
            record: record(id),
            batches: [
                try EdgeRows.fields(), try EdgeRows.noPoints(), try EdgeRows.points(), try EdgeRows.series(),
                try EdgeRows.files(),
            ])
    }

    /// Points alone, many of them.
    func long(_ id: String, batches count: Int, rows: Int) throws(HostError) -> FixtureUnit {
        var random = SeededGenerator(seed: seed, purpose: "long \(id)")
        var batches: [RecordBatch] = []
        for part in 0..<count {
            batches.append(try FixtureRows.points(["long"], from: part * rows, count: rows, &random))
        }
        return FixtureUnit(record: record(id), batches: batches)
    }
}

/// Bytes of files, made from the reference: `NAME/SIZE`.
enum FixtureBlobs {
    static func bytes(_ ref: String) -> [UInt8] {
        let size = ref.split(separator: "/").last.flatMap { Int($0) } ?? 0
        var random = SeededGenerator(seed: 0, purpose: ref)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 8)
        while bytes.count < size { withUnsafeBytes(of: random.next()) { bytes += $0 } }
        return Array(bytes.prefix(size))
    }

    /// A mark for equal bytes.
    static func mark(_ bytes: [UInt8]) -> String { "\(bytes.count):\(StableHash.mark(bytes))" }
}

extension StableHash {
    fileprivate static func mark(_ bytes: [UInt8]) -> String { String(of(bytes), radix: 16) }
}
