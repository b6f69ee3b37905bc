// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension ServerWriter {
    private enum Limit {
        /// A form is held in memory whole; larger files go in parts.
        static let form: Int64 = 32 << 20
        /// Larger ones go straight to the storage where Comet allows it.
        static let direct = form
    }

    func add(_ asset: Asset, _ body: AssetBody, holding: UInt64, _ call: Call) throws(HostError) {
        switch body {
        case .bytes(let bytes):
            var form = MultipartForm(metadata: asset.metadata.bytes, mark: asset.id, size: bytes.count)
            form.add(bytes)
            try send(asset, &form, Int64(bytes.count), holding, call)
        case .blob(let blob) where blob.size <= Limit.form:
            try send(asset, blob, 0..<blob.size, holding, call)
        case .blob(let blob) where open.takesParts && blob.size > Limit.direct:
            let upload = PartUpload(server: server, open: open, asset: asset, blob: blob, query: query(asset))
            try upload.send(call)
            stored[asset.id] = StoredAsset(name: asset.name, size: blob.size)
        case .blob(let blob): try sendPieces(asset, blob, holding, call)
        }
    }

    private func send(
        _ asset: Asset, _ blob: OpenBlob, _ range: Range<Int64>, _ holding: UInt64, _ call: Call
    ) throws(HostError) {
        let size = range.upperBound - range.lowerBound
        var form = MultipartForm(metadata: asset.metadata.bytes, mark: asset.id, size: Int(size))
        var place = range.lowerBound
        while place < range.upperBound {
            let piece = try blob.read(at: place, count: Int(min(range.upperBound - place, 1 << 20)), call)
            guard !piece.isEmpty else {
                throw HostError(.invalidData, "The file ends before its size.", subject: asset.name)
            }
            form.add(piece)
            place += Int64(piece.count)
        }
        try send(asset, &form, size, holding, call)
    }

    private func send(
        _ asset: Asset, _ form: inout MultipartForm, _ size: Int64, _ holding: UInt64, _ call: Call
    ) throws(HostError) {
        form.end()
        let request = server.upload("\(door(asset))/upload", query(asset), form)
        // Comet joins the histograms of one name into an asset of its own.
        if asset.kind != .histogram { stored[asset.id] = StoredAsset(name: asset.name, size: size) }
        let subject = "asset \(asset.name) of experiment \(open.key.text)"
        try traffic.launch(request, on: lane, holding: holding, call) { [self] answer throws(HostError) in
            guard case .failure(let failure) = Server.judge(answer) else { return }
            // Stored by an earlier try whose answer was lost.
            if failure.refusal.isStored { return }
            guard failure.refusal.isFull else { throw failure.refusal.error(subject) }
            stored[asset.id] = nil
            refused.append(asset)
        }
    }

    /// A file that fits in no form becomes several assets, whose names say in which order they are one.
    private func sendPieces(
        _ asset: Asset, _ blob: OpenBlob, _ holding: UInt64, _ call: Call
    ) throws(HostError) {
        let count = Int((blob.size + Limit.form - 1) / Limit.form)
        for number in 0..<count {
            let start = Int64(number) * Limit.form
            let end = min(start + Limit.form, blob.size)
            try send(asset.piece(number), blob, start..<end, holding, call)
        }
        call.loss(
            LossReport(
                .noted, .files, "file.split", path: asset.name,
                note: "\(blob.size) bytes are \(count) assets, \(asset.name).part-001 and so on"))
    }

    private func door(_ asset: Asset) -> String { asset.kind == .image ? "visualizations" : "asset" }

    private func query(_ asset: Asset) -> [(name: String, value: String)] {
        let isImage = asset.kind == .image
        var query: [(name: String, value: String)] = [
            ("experimentId", open.key.text), ("projectId", open.project), ("runId", open.session),
            (isImage ? "imageId" : "assetId", asset.id), (isImage ? "figName" : "fileName", asset.name),
            // What is there under this id is the same, since ids are made of what an asset is.
            ("overwrite", "False"),
        ]
        if isImage { query.append(("figCounter", "0")) }
        if let ending = asset.ending { query.append(("extension", ending)) }
        if let type = asset.kind.type { query.append(("type", type)) }
        if let step = asset.step { query.append(("step", String(step))) }
        return query
    }
}

extension Asset {
    func piece(_ number: Int) -> Asset {
        var piece = self
        let text = String(number + 1)
        piece.kind = .plain
        piece.name += ".part-" + String(repeating: "0", count: max(0, 3 - text.count)) + text
        piece.id = WideHash.hex([id, "piece", text])
        return piece
    }
}

/// What Comet has to have in the end.
struct StoredAsset {
    let name: String
    /// Bytes.
    let size: Int64
}
