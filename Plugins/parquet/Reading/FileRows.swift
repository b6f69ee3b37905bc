// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Turns the archive's file rows into files/1: looks at each payload, lists directories, tells what is not there.
struct FileRows {
    private let payloads: PayloadFolder
    private let projectFolder: String

    init(_ payloads: PayloadFolder, projectFolder: String) {
        self.payloads = payloads
        self.projectFolder = projectFolder
    }

    /// Batches of files/1, and of losses/1 when a payload can't be handed over.
    func batches(_ files: [ArchivedFile]) throws(HostError) -> [RecordBatch] {
        var rows: [Row] = []
        var losses = LossRows()
        for file in files {
            do throws(PayloadFolder.Refusal) {
                rows += try expand(file, &losses)
            } catch {
                losses.add(.files, file.path, error.code, "\(error.note) (\(file.file))")
            }
        }
        var result: [RecordBatch] = []
        // A directory may hold more files than a batch has rows.
        var start = 0
        while start < rows.count {
            let end = min(start + 16_384, rows.count)
            result.append(try Self.batch(rows[start..<end]))
            start = end
        }
        if let batch = try losses.batch() { result.insert(batch, at: 0) }
        return result
    }

    private struct Row {
        var path: String
        var role: String
        var name: String
        var step: Step?
        var time: Int64?
        var size: Int64
        var blob: String
    }

    private func expand(_ file: ArchivedFile, _ losses: inout LossRows) throws(PayloadFolder.Refusal) -> [Row] {
        let baseName = file.file.split(separator: "/").last.map(String.init) ?? file.file
        func row(_ role: String, _ name: String, _ path: String, _ size: Int64) -> Row {
            Row(
                path: file.path, role: role, name: name, step: file.step, time: file.time, size: size,
                blob: "\(projectFolder)\n\(path)")
        }
        switch try payloads.look(file.file) {
        case .file(let size):
            let role = switch file.type {
            case "file_series": "series"
            case "artifact": "listing"
            case "file_set": "member"
            default: "file"
            }
            return [row(role, baseName, file.file, size)]
        case .directory(let members, let refused):
            guard file.type == "file_set" else {
                throw PayloadFolder.Refusal(code: "file.not-regular", note: "the payload is a directory")
            }
            for (name, why) in refused {
                losses.add(.files, file.path, why.code, "\(why.note) (\(file.file)/\(name))")
            }
            if members.isEmpty, refused.isEmpty {
                losses.add(
                    .files, file.path, "file.empty-set", "the file set has no files; there is nothing to move",
                    kind: .noted)
            }
            return members.map { row("member", "\(baseName)/\($0.name)", $0.path, $0.size) }
        }
    }

    private static func batch(_ rows: ArraySlice<Row>) throws(HostError) -> RecordBatch {
        try RecordBatch(
            .files,
            [
                ("path", .text(rows.map(\.path))), ("role", .text(rows.map(\.role))),
                ("name", .text(rows.map(\.name))), ("step", .int64(rows.map { $0.step?.whole })),
                ("millionths", .int32(rows.map { $0.step.flatMap { $0.millionths == 0 ? nil : $0.millionths } })),
                ("time", .time(rows.map(\.time))), ("size", .int64(rows.map(\.size))),
                ("blob", .text(rows.map(\.blob))),
            ])
    }
}

/// Rows of losses/1.
struct LossRows {
    private var rows: [(table: Table, path: String, code: String, count: Int64, note: String, kind: LossKind)] = []

    mutating func add(
        _ table: Table, _ path: String, _ code: String, _ note: String, rows count: Int64 = 1,
        kind: LossKind = .dropped
    ) {
        rows.append((table, path, code, count, note, kind))
    }

    /// nil when there is none.
    func batch() throws(HostError) -> RecordBatch? {
        guard !rows.isEmpty else { return nil }
        return try RecordBatch(
            .losses,
            [
                ("table", .text(rows.map(\.table.rawValue))), ("path", .text(rows.map(\.path))),
                ("code", .text(rows.map(\.code))), ("rows", .int64(rows.map(\.count))),
                ("note", .text(rows.map(\.note))), ("kind", .text(rows.map(\.kind.label))),
            ])
    }
}
