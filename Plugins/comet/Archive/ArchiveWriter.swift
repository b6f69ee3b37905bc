// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Writes one run as an archive that `comet upload` takes.
final class ArchiveWriter: ExperimentWriter {
    private let file: OutputFile
    private let zip: ZipFile
    private let key: ExperimentKey
    private let unit: UnitInfo
    private let workspace: String?
    private let project: String
    private let path: String
    /// The messages, one a line, put aside since entries are written one after the other.
    private let messages: ScratchFile
    private var pending: [UInt8] = []
    private var tags: [String] = []
    private var assetCount = 0
    private var drained: UInt64 = 0
    private let setAt: Int64

    init(
        _ file: OutputFile, _ key: ExperimentKey, _ unit: UnitInfo, workspace: String?, project: String,
        path: String
    ) throws(HostError) {
        self.file = file
        self.key = key
        self.unit = unit
        self.workspace = workspace
        self.project = project
        self.path = path
        zip = ZipFile(file)
        messages = try ScratchFile()
        setAt = max(0, unit.started ?? unit.created ?? unit.ended ?? Clock.milliseconds)
        try message("log_other", .other(Mark.name, .text(unit.label)))
        try message("log_other", .other(Mark.unit, .text(unit.key)))
        try message("log_other", .other(Mark.state, .text(Mark.fromArchive)))
        for mark in Mark.origin(unit) { try message("log_other", .other(mark.name, .text(mark.value))) }
    }

    var identity: String { key.text }
    /// An archive that was not finished is begun anew.
    var pointsToSkip: Int64 { 0 }

    func add(parameter name: String, _ value: Fragment, isList: Bool, holding: UInt64, _ call: Call)
        throws(HostError)
    {
        let time = setAt
        try message(
            "parameter_msg",
            .make { json in
                json.beginObject()
                json.field("local_timestamp", time)
                json.key(isList ? "params" : "param")
                json.beginObject()
                json.field("paramName", name)
                json.key("paramValue")
                json.finished(value.bytes)
                json.field("source", "manual")
                json.key("step")
                json.null()
                json.endObject()
                json.endObject()
            })
    }

    func add(other name: String, _ value: Fragment, holding: UInt64, _ call: Call) throws(HostError) {
        try message("log_other", .other(name, value))
    }

    func add(tags: [String], holding: UInt64, _ call: Call) throws(HostError) {
        for tag in tags where !self.tags.contains(where: { ExactText($0) == ExactText(tag) }) {
            self.tags.append(tag)
        }
    }

    /// The uploader wants every member, so what is not known is empty.
    func add(details: [(name: String, value: String)], holding: UInt64, _ call: Call) throws(HostError) {
        guard !details.isEmpty else { return }
        let known = Dictionary(details.map { ($0.name, $0.value) }) { $1 }
        try message(
            "system_details",
            .make { json in
                json.beginObject()
                json.key("command")
                json.beginArray()
                json.endArray()
                json.key("env")
                json.null()
                json.field("pid", 0)
                json.field("hostname", known["hostname"] ?? "")
                json.field("user", known["user"] ?? "")
                json.field("python_version", known["pythonVersion"] ?? "")
                for name in [
                    "ip", "machine", "os", "os_release", "os_type", "processor", "python_exe",
                    "python_version_verbose",
                ] { json.field(name, "") }
                json.endObject()
            })
    }

    func head(_ name: String) -> [UInt8] {
        var bytes = Array(#"{"payload":{"metric":{"epoch":null,"metricName":"#.utf8)
        bytes.appendJSON(name)
        bytes.append(contentsOf: #","metricValue":"#.utf8)
        return bytes
    }

    func add(
        point head: [UInt8], value: Double, milliseconds: Int64, step: Int64?, holding: UInt64, _ call: Call
    ) throws(HostError) {
        pending.append(contentsOf: head)
        pending.appendJSON(value)
        pending.append(contentsOf: #","step":"#.utf8)
        if let step { pending.appendDecimal(step) } else { pending.append(contentsOf: "null".utf8) }
        pending.append(contentsOf: #"},"local_timestamp":"#.utf8)
        pending.appendDecimal(milliseconds)
        pending.append(contentsOf: "},\"type\":\"metric_msg\"}\n".utf8)
        try putAside(above: 1 << 20)
    }

    func add(_ asset: Asset, _ body: AssetBody, holding: UInt64, _ call: Call) throws(HostError) {
        assetCount += 1
        let name = "assets/\(assetCount)"
        try zip.begin(name, .stored)
        switch body {
        case .bytes(let bytes): try zip.add(bytes)
        case .blob(let blob):
            var place: Int64 = 0
            while place < blob.size {
                guard !call.isCancelled else {
                    throw HostError(.cancelled, "Stopped while a file was copied.")
                }
                let bytes = try blob.read(at: place, count: Int(min(blob.size - place, 1 << 20)), call)
                guard !bytes.isEmpty else {
                    throw HostError(.invalidData, "The file ends before its size.", subject: asset.name)
                }
                try zip.add(bytes)
                place += Int64(bytes.count)
            }
        }
        try zip.end()
        try message("file_upload", .upload(asset, name, number: assetCount))
    }

    func takeRefused() -> [Asset] { [] }

    func settlePoints(upTo last: UInt64, _ call: Call) throws(HostError) {}

    func durable(_ last: UInt64) -> UInt64 { drained }

    func drain(_ last: UInt64, _ call: Call) throws(HostError) {
        try putAside(above: 0)
        try file.sync()
        drained = last
    }

    func finish(_ expected: Expected, _ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        let target = Target(id: key.text, url: "file://\(PercentEncoding.path(path))")
        guard !isFinished else { return target }
        try writeMessages(call)
        try zip.begin("experiment.json", .stored)
        try zip.add(experiment(expected))
        try zip.end()
        let comment = Fragment.make { json in
            json.beginObject()
            json.field("unit", unit.key)
            json.field("revision", unit.revision.prefix(scalars: 8000))
            json.field("job", unit.job)
            json.field("checksum", summary.checksum)
            json.endObject()
        }
        try zip.finish(comment: comment.bytes)
        try file.finish()
        isFinished = true
        return target
    }

    private var isFinished = false

    private func writeMessages(_ call: Call) throws(HostError) {
        try putAside(above: 0)
        try zip.begin("messages.json", .deflated)
        var place: Int64 = 0
        while place < messages.size {
            guard !call.isCancelled else {
                throw HostError(.cancelled, "Stopped while an archive was finished.")
            }
            let end = min(place + 1 << 20, messages.size)
            var bytes: [UInt8] = []
            try messages.read(place..<end, into: &bytes)
            try zip.add(bytes)
            place = end
        }
        try zip.end()
    }

    private func experiment(_ expected: Expected) -> [UInt8] {
        let end = unit.ended ?? expected.latest ?? setAt
        return Fragment.make { json in
            json.beginObject()
            json.field("offline_id", key.text)
            json.key("workspace")
            if let workspace { json.value(workspace) } else { json.null() }
            json.field("project_name", project)
            json.field("start_time", setAt)
            json.field("stop_time", max(setAt, end))
            json.key("tags")
            json.beginArray()
            for tag in tags { json.value(tag) }
            json.endArray()
            // An experiment that is there already is refused, not doubled.
            json.field("resume_strategy", "create")
            json.field("customer_error_reported", false)
            json.key("customer_error_message")
            json.null()
            json.field("user_provided_experiment_key", true)
            json.field("comet_start_sourced", false)
            json.endObject()
        }.bytes
    }

    private func message(_ type: String, _ payload: Fragment) throws(HostError) {
        pending.append(contentsOf: #"{"payload":"#.utf8)
        pending.append(contentsOf: payload.bytes)
        pending.append(contentsOf: #","type":"\#(type)"}"#.utf8)
        pending.append(UInt8(ascii: "\n"))
        try putAside(above: 1 << 20)
    }

    private func putAside(above most: Int) throws(HostError) {
        guard pending.count > most else { return }
        _ = try messages.append(pending)
        pending.removeAll(keepingCapacity: true)
    }
}

extension Fragment {
    fileprivate static func other(_ name: String, _ value: Fragment) -> Fragment {
        .make { json in
            json.beginObject()
            json.field("key", name)
            json.key("value")
            json.finished(value.bytes)
            json.endObject()
        }
    }

    /// `file`: the entry of the archive.
    fileprivate static func upload(_ asset: Asset, _ file: String, number: Int) -> Fragment {
        .make { json in
            let isImage = asset.kind == .image
            json.beginObject()
            json.key("additional_params")
            json.beginObject()
            json.field(isImage ? "imageId" : "assetId", asset.id)
            json.field(isImage ? "figName" : "fileName", asset.name)
            if isImage { json.field("figCounter", number) }
            if let ending = asset.ending { json.field("extension", ending) }
            if let type = asset.kind.type { json.field("type", type) }
            json.key("context")
            json.null()
            json.field("overwrite", false)
            json.key("step")
            if let step = asset.step { json.value(step) } else { json.null() }
            json.endObject()
            json.field("clean", true)
            json.field("file_path", file)
            json.field("local_timestamp", asset.time)
            json.key("metadata")
            json.finished(asset.metadata.bytes)
            json.field("upload_type", isImage ? "visualization" : asset.kind.type ?? "asset")
            json.endObject()
        }
    }
}
