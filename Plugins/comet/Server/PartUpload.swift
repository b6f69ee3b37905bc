// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A large file sent in parts straight to the storage behind Comet.
struct PartUpload {
    private static let minPart: Int64 = 16 << 20
    /// S3 takes 10,000; fewer addresses make a shorter answer.
    private static let maxParts: Int64 = 1000

    let server: Server
    let open: OpenExperiment
    let asset: Asset
    let blob: OpenBlob
    /// What an upload in one form would have in its query.
    let query: [(name: String, value: String)]

    func send(_ call: Call) throws(HostError) {
        let size = max(Self.minPart, (blob.size + Self.maxParts - 1) / Self.maxParts)
        let count = (blob.size + size - 1) / size
        let start = server.client("\(door)/upload-start", body(parts: count))
        let answer: JSON
        switch try server.ask(start, call) {
        case .success(let value): answer = value
        case .failure(let failure):
            // An earlier try arrived.
            if failure.refusal.isStored { return }
            throw failure.refusal.error(subject)
        }
        let addresses = answer["preSignUrl"]?.items.compactMap(\.text) ?? []
        guard let request = answer["requestId"]?.text, Int64(addresses.count) == count else {
            throw HostError(.invalidData, "Comet did not give an address for each part.", subject: subject)
        }
        do throws(HostError) {
            var tags: [String] = []
            for (index, address) in addresses.enumerated() {
                let first = Int64(index) * size
                tags.append(try put(address, first..<min(first + size, blob.size), call))
            }
            try complete(request, tags, call)
        } catch {
            // Parts that are left cost their owner money; the error that is told is the first one.
            _ = try? server.fetch(server.client("\(door)/upload-complete", abort(request)), subject, call)
            throw error
        }
    }

    private var door: String { asset.kind == .image ? "visualizations" : "asset" }
    private var subject: String { "asset \(asset.name) of experiment \(open.key.text)" }

    private func body(parts: Int64) -> [UInt8] {
        server.clientBody {
            for (name, value) in query { $0.field(name, value) }
            $0.field("metadata", String(decoding: asset.metadata.bytes, as: UTF8.self))
            $0.key("startUploadParams")
            $0.beginObject()
            $0.field("cloudType", "AWS")
            // Three hours: what Comet's own client asks for.
            $0.field("preSignUrlTimeoutSec", 10_800)
            $0.field("numOfFileParts", parts)
            $0.endObject()
        }
    }

    /// The storage's mark of the part. The address is signed: the API key is none of its business.
    private func put(_ address: String, _ range: Range<Int64>, _ call: Call) throws(HostError) -> String {
        var request = HTTPRequest("PUT", address, isIdempotent: true)
        request.blob = blob
        request.blobRange = range
        request.hidesQuery = true
        let answer = try call.send(request)
        guard 200..<300 ~= answer.status, let tag = answer.headers.first(where: { $0.name == "etag" }) else {
            throw HostError(
                .unavailable, "The storage did not take a part (HTTP \(answer.status)).", subject: subject,
                httpStatus: Int32(answer.status))
        }
        return tag.value
    }

    private func complete(_ request: String, _ tags: [String], _ call: Call) throws(HostError) {
        let size = blob.size
        let body = server.clientBody {
            $0.field("requestId", request)
            $0.field("succeed", true)
            $0.field("fileSize", size)
            $0.key("uploadedFileParts")
            $0.beginArray()
            for (index, tag) in tags.enumerated() {
                $0.beginObject()
                $0.field("ETag", tag)
                $0.field("PartNumber", index + 1)
                $0.endObject()
            }
            $0.endArray()
        }
        try server.fetch(server.client("\(door)/upload-complete", body), subject, call)
    }

    private func abort(_ request: String) -> [UInt8] {
        server.clientBody {
            $0.field("requestId", request)
            $0.field("succeed", false)
            $0.field("fileSize", -1)
        }
    }
}
