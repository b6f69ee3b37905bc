// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostCore
internal import HostRecords

/// A unit as the host would hand it to this loader: names, steps and values within its limits.
struct FittedUnit {
    let info: UnitInfo
    let batches: [RecordBatch]

    init(_ unit: FixtureUnit, _ limits: Limits) throws(HostError) {
        info = Self.info(unit.record)
        var maps: [NameScope: NameMap] = [:]
        for scope in NameScope.allCases {
            let rule = try NameRule(limits.name(scope))
            let names = unit.batches.flatMap { Self.names($0, scope) }
            if !names.allSatisfy({ rule.isValid($0) }) {
                maps[scope] = NameMap.build(names: names, rule: rule)
            }
        }
        let mapping = UnitMapping(limits: limits, names: maps, scale: try StepScale(), unit: unit.record)
        var batches: [RecordBatch] = []
        for batch in unit.batches {
            if let mapped = try mapping.map(batch).batch { batches.append(mapped) }
        }
        self.batches = batches
    }

    var rows: [Table: Int64] {
        batches.reduce(into: [:]) { $0[$1.table, default: 0] += Int64($1.count) }
    }

    /// Every row, with the bytes of its file.
    var rowSet: RowSet {
        var set = RowSet()
        for batch in batches { set.add(batch) { FixtureBlobs.mark(FixtureBlobs.bytes($0)) } }
        return set
    }

    static func info(_ record: UnitRecord) -> UnitInfo {
        var info = UnitInfo(ref: record.key)
        info.name = record.name
        info.group = record.group
        info.state = record.state
        info.owner = record.owner
        info.parent = record.parent
        info.created = record.created
        info.started = record.started
        info.ended = record.ended
        info.revision = record.revision
        info.job = "conformance"
        info.source = "kit:conformance"
        info.key = String(
            Digest.sha256(["host unit 1", "kit", record.key.kind, record.key.project, record.key.id]).prefix(
                32))
        return info
    }

    private static func names(_ batch: RecordBatch, _ scope: NameScope) -> [String] {
        guard batch.table.columns.contains(where: { $0.name == "path" }) else { return [] }
        let paths = batch.text("path")
        let roles = batch.table == .fields ? batch.text("role") : nil
        return (0..<batch.count).compactMap { row in
            let own: NameScope? =
                switch batch.table {
                case .fields: roles?[row] == "tag" ? .tag : roles?[row] == "note" ? nil : .parameter
                case .points: .metric
                case .series, .histograms, .files: .file
                default: nil
                }
            return own == scope ? paths[row] : nil
        }
    }
}

/// Files of fixtures, put below the test's folder when a loader asks for them.
final class BlobFolder {
    private let folder: String

    init(_ bench: Bench) throws {
        folder = "\(bench.testCase.scratch)/.blobs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func open(_ ref: String) throws(HostError) -> SourceBlob {
        let path = "\(folder)/\(ref.replacing("/", with: "-"))"
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: Data(FixtureBlobs.bytes(ref))) else {
                throw HostError(.io, "The fixture's file can't be written.", subject: path)
            }
        }
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostError(.notFound, "There is no such file.", subject: ref) }
        return try SourceBlob(descriptor: descriptor)
    }
}
