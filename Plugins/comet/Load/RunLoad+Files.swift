// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    private static let imageEndings: Set<String> = ["png", "jpg", "jpeg", "gif", "svg", "bmp", "webp"]
    /// Bytes; larger ones are assets like any other. The server's own limit when it tells none.
    private static let maxImage: Int64 = 200 << 20

    /// Files become assets; what Comet's page does not show of them stands in their metadata.
    func write(_ view: FilesView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        var renamed = LossTally()
        var fractional = LossTally()
        for row in 0..<view.count {
            let (path, name, role) = (view.path[row] ?? "", view.name[row] ?? "", view.role[row] ?? "")
            let (step, time) = (view.step[row], view.time[row])
            let blob = try call.open(blob: view.blob[row] ?? "")
            let wanted = Self.assetName(path, name, role)
            let fitting = wanted.shortenedName
            if fitting != wanted { renamed.add("", path) }
            if step?.millionths ?? 0 != 0 { fractional.add("", path) }
            var metadata = ["host.path": path, "host.name": name, "host.role": role]
            if let step { metadata["host.step"] = step.description }
            if let time { metadata["host.time"] = UTCTime(microseconds: time).isoText }
            if let type = view.mediaType[row] { metadata["host.media_type"] = type }
            if let hash = view.sha256[row] { metadata["host.sha256"] = hash }
            let kind = Self.kind(fitting, path, blob.size, view.mediaType[row])
            // As Comet's own client says it of files that it was given.
            if kind == .sourceCode { metadata["source_code_type"] = "manual" }
            let asset = asset(
                kind, fitting,
                ["file", role, path, step?.description ?? "", name], step: step,
                time: view.time.milliseconds(row), metadata)
            try writer.add(asset, .blob(blob), holding: sequence, call)
            expected.see(view.time.milliseconds(row))
        }
        renamed.tell(call, .renamed, .files, "file.renamed") { _ in
            "longer than Comet's names of assets; the whole name stands in the asset's metadata"
        }
        fractional.tell(call, .noted, .files, "step.in-metadata") { _ in
            "Comet's steps are whole; the exact one stands in the asset's metadata"
        }
    }

    /// An asset of this unit. `identity` tells it from all others of the unit.
    func asset(
        _ kind: Asset.Kind, _ name: String, _ identity: [String], step: Step?, time: Int64?,
        _ metadata: [String: String]
    ) -> Asset {
        var id = WideHash.hex([writer.identity] + identity)
        let uses = assetIDs[id] ?? 0
        assetIDs[id] = uses + 1
        if uses > 0 { id = WideHash.hex([id, String(uses)]) }
        let fragment = Fragment.make { json in
            json.beginObject()
            for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { json.field(key, value) }
            json.endObject()
        }
        return Asset(
            kind: kind, name: name, id: id, step: step?.whole, metadata: fragment,
            time: max(0, time ?? unit.started ?? unit.created ?? 0))
    }

    /// The record's path, with the ending that only the file has; members and listings below it.
    private static func assetName(_ path: String, _ name: String, _ role: String) -> String {
        switch role {
        case "member", "listing": return "\(path)/\(name)"
        default:
            guard path.fileEnding == nil, let ending = name.fileEnding else { return path }
            return "\(path).\(ending)"
        }
    }

    private static func kind(_ name: String, _ path: String, _ size: Int64, _ mediaType: String?)
        -> Asset.Kind
    {
        if path.hasPrefix("source_code/") { return .sourceCode }
        let isImage =
            mediaType?.hasPrefix("image/") ?? imageEndings.contains(name.fileEnding?.lowercased() ?? "")
        return isImage && size > 0 && size <= maxImage ? .image : .plain
    }
}

extension String {
    /// At most 250 code points: 256 are allowed, and a large file's parts have a number.
    fileprivate var shortenedName: String {
        guard unicodeScalars.count > 240 else { return self }
        let ending = fileEnding.map { ".\($0)" } ?? ""
        return prefix(scalars: 240 - 9 - ending.unicodeScalars.count) + "-\(StableHash.mark(self))" + ending
    }
}
