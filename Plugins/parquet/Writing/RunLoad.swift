// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// One run being written into an archive. Nothing is durable before the parts have their names.
final class RunLoad: UnitLoad {
    private let unit: UnitInfo
    private let place: RunFiles
    private let writer: PartWriter
    private var payloads: PayloadStore
    private var note: RunNote
    private var identity: IdentityRows
    private var directories: Set<ExactText> = []
    private var lastSequence: UInt64 = 0
    private var parts: Int?

    init(_ unit: UnitInfo, _ place: RunFiles, filesPath: String) throws(HostError) {
        self.unit = unit
        self.place = place
        try Folders.make(place.folder)
        note = RunNote(
            key: unit.key, revision: unit.revision, job: unit.job, source: unit.source, isComplete: false, parts: 0)
        // First the note: from here on a reader of ours knows that the parts are not to be trusted.
        try note.write(place)
        writer = try PartWriter(place, project: unit.ref.project, run: unit.ref.id)
        payloads = PayloadStore(filesPath: filesPath, projectFolder: place.projectFolder, run: unit.ref.id)
        identity = IdentityRows(unit)
    }

    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64 {
        guard parts == nil else {
            throw HostError(.invalidState, "The run's parts are finished.", subject: unit.ref.id)
        }
        lastSequence = sequence
        switch batch.table {
        case .files: try writeFiles(FilesView(batch), call)
        case .fields:
            identity.see(batch)
            tellRoles(batch, call)
            try writer.write(batch)
        default: try writer.write(batch)
        }
        return 0
    }

    private func tellRoles(_ batch: RecordBatch, _ call: Call) {
        let roles = batch.text("role")
        let paths = batch.text("path")
        // Readers tell the two that there are by the name.
        let others = (0..<batch.count).filter {
            roles[$0] != (paths[$0]?.hasPrefix("sys/") == true ? "system" : "parameter")
        }
        guard let first = others.first else { return }
        call.loss(
            LossReport(
                .retyped, .fields, "role.as-parameter", rows: Int64(others.count), path: paths[first] ?? "",
                note: "an archive does not tell tags, notes and summaries from parameters"))
    }

    private func writeFiles(_ files: FilesView, _ call: Call) throws(HostError) {
        for row in 0..<files.count {
            guard let path = files.path[row], let role = files.role[row], let ref = files.blob[row] else { continue }
            let step = files.step[row]
            let blob = try call.open(blob: ref)
            let stored = try payloads.store(
                blob, path: path, role: role, name: files.name[row] ?? "", step: step, call)
            let type = switch role {
            case "series": "file_series"
            case "member": "file_set"
            case "listing": "artifact"
            default: "file"
            }
            // A directory has one row, however many members it has.
            if role == "member", !directories.insert(ExactText(path)).inserted { continue }
            try writer.write(
                ArchivedFile(
                    type: type, path: path, file: stored, step: role == "series" ? step : nil, time: files.time[row]))
        }
    }

    func flush(_ call: Call) throws(HostError) -> UInt64 {
        guard parts == nil else { return lastSequence }
        if let rows = try identity.missing() {
            try writer.write(rows)
            call.loss(
                LossReport(
                    .noted, .fields, "identity.added", rows: Int64(rows.count), path: "sys/",
                    note: "attributes by which an archive's readers know a run, made from what the source says of it"))
        }
        parts = try writer.finish()
        for loss in writer.losses { call.loss(loss) }
        if let first = payloads.unlike.first {
            call.loss(
                LossReport(
                    .noted, .files, "file.name-other", rows: Int64(payloads.unlike.count), path: first,
                    note: "an archive names a payload after its attribute"))
        }
        if let first = payloads.renamed.first {
            call.loss(
                LossReport(
                    .renamed, .files, "file.renamed", rows: Int64(payloads.renamed.count), path: first,
                    note: "two payloads would have had one name in the files folder"))
        }
        return lastSequence
    }

    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        note.isComplete = true
        note.parts = parts ?? 0
        try note.write(place)
        return Target(id: "\(place.folder)/\(place.stem)")
    }
}

/// The `sys/` attributes by which readers of an archive know a run; those that the source does not bring are made.
struct IdentityRows {
    private static let known: Set<String> = [
        "sys/custom_run_id", "sys/name", "sys/creation_time", "sys/forking/parent", "sys/forking/step",
    ]

    private let unit: UnitInfo
    private var seen: Set<String> = []

    init(_ unit: UnitInfo) { self.unit = unit }

    mutating func see(_ batch: RecordBatch) {
        for path in batch.text("path").encoded().texts where Self.known.contains(path) { seen.insert(path) }
    }

    /// nil when the source brought any: its own word is then the whole of it.
    func missing() throws(HostError) -> RecordBatch? {
        guard seen.isEmpty else { return nil }
        var rows: [(path: String, value: FieldValue)] = [("sys/custom_run_id", .text(unit.label))]
        if let group = unit.group { rows.append(("sys/name", .text(group))) }
        if let owner = unit.owner { rows.append(("sys/owner", .text(owner))) }
        if let created = unit.created { rows.append(("sys/creation_time", .time(microseconds: created * 1000))) }
        if let ended = unit.ended { rows.append(("sys/modification_time", .time(microseconds: ended * 1000))) }
        if unit.state == "failed" { rows.append(("sys/failed", .bool(true))) }
        if let parent = unit.forkParent ?? unit.parent { rows.append(("sys/forking/parent", .text(parent))) }
        if let step = unit.forkStep {
            rows.append(("sys/forking/step", .float(Double(step.whole) + Double(step.millionths) / 1_000_000)))
        }
        func column<Value>(_ pick: (FieldValue) -> Value?) -> [Value?] { rows.map { pick($0.value) } }
        return try RecordBatch(
            .fields,
            [
                ("path", .text(rows.map(\.path))), ("role", .text(rows.map { _ in "system" })),
                ("type", .text(rows.map(\.value.type))),
                ("text", .text(column { if case .text(let text) = $0 { text } else { nil } })),
                ("float", .float64(column { if case .float(let number) = $0 { number } else { nil } })),
                ("bool", .bool(column { if case .bool(let truth) = $0 { truth } else { nil } })),
                ("time", .time(column { if case .time(let time) = $0 { time } else { nil } })),
            ])
    }
}
