// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Reads. The host calls an instance by one thread at a time, so there are no locks.
final class {{Type}}Exporter: Exporter {
    private let folder: String

    init(_ options: Options, _ call: Call) throws(HostError) {
        folder = options.text("folder") ?? ""
    }

    /// One cheap call that proves that source and credentials are good.
    func check(_ call: Call) throws(HostError) {
        _ = try names()
    }

    /// Tells which units there are. A source with pages asks for one page each time `next` is called.
    func list(projects: [String], from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        var units: [(project: String, id: String, revision: String)] = []
        for name in try names() {
            let lines = try RunFile.read("\(folder)/\(name)") ?? []
            guard let head = lines.first, head.count == 4 else {
                call.loss(
                    LossReport(
                        .dropped, .units, "unit.unreadable", path: name, note: "It is not a run's file."))
                continue
            }
            units.append((head[0], head[1], "\(StableHash.of(lines.joined().joined(separator: " ")))"))
        }
        return BatchList([
            try RecordBatch(
                .units,
                [
                    ("kind", .text(units.map { _ in "run" })), ("project", .text(units.map { $0.project })),
                    ("id", .text(units.map { $0.id })), ("revision", .text(units.map { $0.revision })),
                ])
        ])
    }

    /// Announces every name before it comes, so that the host finds names that collide.
    func paths(_ unit: UnitRef, _ call: Call) throws(HostError) -> any BatchSource {
        let fields = try fields(unit)
        return BatchList([
            try RecordBatch(
                .paths,
                [
                    ("path", .text(fields.map { $0[0] })),
                    ("table", .text(fields.map { _ in Table.fields.rawValue })),
                    ("role", .text(fields.map { $0[1] })), ("rows", .int64(fields.map { _ in 1 })),
                ])
        ])
    }

    /// Hands the records over. With more than a few, give a cursor with each batch and begin behind `cursor`.
    func read(_ unit: UnitRef, from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        let fields = try fields(unit)
        return BatchList([
            try RecordBatch(
                .fields,
                [
                    ("path", .text(fields.map { $0[0] })), ("role", .text(fields.map { $0[1] })),
                    ("type", .text(fields.map { _ in "text" })), ("text", .text(fields.map { $0[2] })),
                ])
        ])
    }

    func blob(_ ref: String, _ call: Call) throws(HostError) -> Blob {
        throw HostError(.notFound, "There are no files.", subject: ref)
    }

    private func names() throws(HostError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                $0.hasSuffix(RunFile.ending)
            }
            .sorted()
        } catch {
            throw HostError(
                .notFound, "The folder can't be read: \(error.localizedDescription).", subject: folder)
        }
    }

    private func fields(_ unit: UnitRef) throws(HostError) -> [[String]] {
        guard let lines = try RunFile.read(RunFile.path(folder, unit)) else {
            throw HostError(.notFound, "There is no such run.", subject: unit.id)
        }
        let fields = Array(lines.dropFirst())
        guard fields.allSatisfy({ $0.count == 3 }) else {
            throw HostError(.invalidData, "A line is not a name, a role and a value.", subject: unit.id)
        }
        return fields
    }
}
