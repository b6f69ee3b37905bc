// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Writes. The host decides what to do with what `find` tells; a loader never skips on its own.
final class {{Type}}Loader: Loader {
    /// What the target can hold. The host maps by it, and counts all that has no place: points, files, …
    static let limits = Limits(tables: [.fields], abilities: [.nul], kinds: ["run"])

    private let folder: String

    init(_ options: Options, _ call: Call) throws(HostError) {
        folder = options.text("folder") ?? ""
    }

    func check(_ call: Call) throws(HostError) {}

    func limits(_ call: Call) throws(HostError) -> Limits { Self.limits }

    /// Finds a unit by its key, which was stored with it. Never writes.
    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found {
        let path = RunFile.path(folder, unit.ref)
        if FileManager.default.fileExists(atPath: path + ".part") { return Found(.broken, target: path) }
        guard let lines = try RunFile.read(path) else { return Found(.nothing) }
        guard let head = lines.first, head.count == 4, head[2] == unit.key else {
            return Found(.foreign, target: path)
        }
        return Found(.complete, target: path, revision: head[3])
    }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad {
        guard FileManager.default.fileExists(atPath: folder) else {
            throw HostError(.notFound, "There is no such folder.", subject: folder, retry: .stop)
        }
        return try {{Type}}Load(unit, RunFile.path(folder, unit.ref))
    }
}

/// One unit being written. It is complete once it has its name.
private final class {{Type}}Load: UnitLoad {
    private let path: String
    private let part: FileHandle
    private var fields: Int64 = 0
    private var last: UInt64 = 0

    init(_ unit: UnitInfo, _ path: String) throws(HostError) {
        self.path = path
        let head = RunFile.line([unit.ref.project, unit.ref.id, unit.key, unit.revision])
        guard FileManager.default.createFile(atPath: path + ".part", contents: Data(head.utf8)),
            let part = FileHandle(forWritingAtPath: path + ".part")
        else { throw HostError(.io, "The file can't be made.", subject: path + ".part") }
        self.part = part
        part.seekToEndOfFile()
    }

    deinit { try? part.close() }

    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64 {
        let view = FieldsView(batch)
        var text = ""
        var retyped: Int64 = 0
        for row in 0..<view.count {
            let value = view.value(row) ?? .text("")
            // What does not arrive as it was is told, in the call that is handed the record.
            if value.type != "text" { retyped += 1 }
            text += RunFile.line([view.path[row] ?? "", view.role[row] ?? "", Self.text(value)])
        }
        if retyped > 0 {
            call.loss(
                LossReport(.retyped, .fields, "value.as_text", rows: retyped, note: "values are text here"))
        }
        try attempt { try part.write(contentsOf: Data(text.utf8)) }
        fields += Int64(view.count)
        last = sequence
        return 0  // Nothing is durable before `flush`: after a crash all comes again.
    }

    func flush(_ call: Call) throws(HostError) -> UInt64 {
        try attempt { try part.synchronize() }
        return last
    }

    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        guard summary.rows[.fields] ?? 0 == fields else {
            throw HostError(
                .conflict, "\(fields) fields came, and not \(summary.rows[.fields] ?? 0).", subject: path)
        }
        guard rename(path + ".part", path) == 0 || FileManager.default.fileExists(atPath: path) else {
            throw HostError(.io, "The file can't be named.", subject: path)
        }
        return Target(id: path)
    }

    private func attempt(_ body: () throws -> Void) throws(HostError) {
        do { try body() } catch {
            throw HostError(.io, "The file can't be written: \(error.localizedDescription).", subject: path)
        }
    }

    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .int(let value): String(value)
        case .float(let value): String(value)
        case .text(let text): text
        case .bool(let value): String(value)
        case .time(let microseconds): UTCTime(microseconds: microseconds).isoText
        case .set(let texts): texts.joined(separator: ", ")
        }
    }
}
