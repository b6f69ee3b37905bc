// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A run as its parts describe it.
struct RunScan {
    let ref: UnitRef
    let files: RunFiles
    private let parts: [PartScan]

    /// Scans every part. An id is taken from the columns; only an archive without rows leaves no more than the name.
    init(_ files: RunFiles) throws(HostError) {
        self.files = files
        var parts: [PartScan] = []
        for number in files.parts {
            let part = try PartScan(files.path(number))
            guard !part.mixesRuns else {
                throw HostError(
                    .invalidData, "The file holds rows of several runs; it can't be told which of them it is.",
                    subject: files.path(number))
            }
            parts.append(part)
        }
        self.parts = parts
        let id = parts.lazy.compactMap(\.run).first ?? Self.idFromName(files.stem)
        let project = parts.lazy.compactMap(\.project).first ?? Self.idFromName(files.projectFolder)
        guard parts.allSatisfy({ $0.run == nil || $0.run == id }) else {
            throw HostError(
                .invalidData, "The parts of this run carry different run ids.", subject: "\(files.folder)/\(files.stem)")
        }
        ref = UnitRef(kind: files.kind, project: project, id: id)
    }

    /// The id that a name was made of, where sanitizing changed nothing; else the name itself.
    private static func idFromName(_ name: String) -> String {
        let candidate = String(name.dropLast(17))
        return SafeName.name(candidate) == name ? candidate : name
    }

    func text(_ path: String) -> String? { parts.lazy.compactMap { $0.texts[path] }.first }
    func number(_ path: String) -> Double? { parts.lazy.compactMap { $0.numbers[path] }.first }
    func time(_ path: String) -> Int64? { parts.lazy.compactMap { $0.times[path] }.first }
    func truth(_ path: String) -> Bool? { parts.lazy.compactMap { $0.truths[path] }.first }

    var attributes: [PartScan.Attribute] { parts.flatMap(\.attributes) }
    var unusableColumns: [String] { parts.flatMap(\.unusableColumns) }
}

extension RunScan {
    /// `sys/forking/step` is a float parameter.
    var forkStep: Step? {
        guard let number = number("sys/forking/step"), number.isFinite, abs(number) < 9e12 else { return nil }
        let millionths = (number * 1_000_000).rounded(.toNearestOrEven)
        let whole = (millionths / 1_000_000).rounded(.down)
        return Step(Int64(whole), millionths: Int32(millionths - whole * 1_000_000))
    }

    var state: String { truth("sys/failed") == true ? "failed" : "finished" }
    var isArchived: Bool { truth("sys/archived") == true || truth("sys/trashed") == true }

    /// paths/1. Directories are counted only when they are listed, so files have no number here.
    func catalogue() throws(HostError) -> RecordBatch? {
        var index: [ExactText: Int] = [:]
        var rows: [(path: String, table: Table, role: String, count: Int64?)] = []
        for attribute in attributes {
            guard let table = attribute.table, attribute.values > 0 else { continue }
            let role = table == .fields ? (attribute.path.hasPrefix("sys/") ? "system" : "parameter") : ""
            let count = table == .files ? nil : attribute.values
            let key = ExactText("\(table.rawValue) \(role) \(attribute.path)")
            if let position = index[key] {
                if let count { rows[position].count = (rows[position].count ?? 0) + count }
                continue
            }
            index[key] = rows.count
            rows.append((attribute.path, table, role, count))
        }
        guard !rows.isEmpty else { return nil }
        return try RecordBatch(
            .paths,
            [
                ("path", .text(rows.map(\.path))), ("table", .text(rows.map(\.table.rawValue))),
                ("role", .text(rows.map(\.role))), ("rows", .int64(rows.map(\.count))),
            ])
    }
}
