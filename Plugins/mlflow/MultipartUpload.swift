// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A large file sent in parts straight to the storage behind the artifact proxy.
struct MultipartUpload {
    private static let minFile: Int64 = 100 << 20
    private static let minPart: Int64 = 16 << 20
    /// S3 takes 10,000; fewer addresses make a shorter answer.
    private static let maxParts: Int64 = 1000

    let server: Server
    /// The run's root at the artifact proxy.
    let root: String
    let path: String
    let blob: OpenBlob
    let lane: Lane

    static func isWorthwhile(_ blob: OpenBlob, _ facts: ServerFacts) -> Bool {
        facts.takesMultipart && blob.size > minFile
    }

    /// False when the server cannot do it for this storage after all.
    func send(_ call: Call) throws(HostError) -> Bool {
        let partSize = max(Self.minPart, (blob.size + Self.maxParts - 1) / Self.maxParts)
        let count = (blob.size + partSize - 1) / partSize
        let created: JSON
        switch try ask("create", call, { $0.field("num_parts", count) }) {
        case .value(let value): created = value
        case .refused(let refusal):
            guard refusal.status == 501 || refusal.status == 404 else { throw refusal.error(subject) }
            return false
        }
        guard let id = created["upload_id"]?.text, Int64(created["credentials"]?.items.count ?? 0) == count
        else {
            throw HostError(
                .invalidData, "The server did not give an address for each part.", subject: subject)
        }
        do throws(HostError) {
            let parts = try sendParts(created["credentials"]?.items ?? [], partSize, call)
            _ = try ask("complete", call) { body in
                body.field("upload_id", id)
                body.key("parts")
                body.beginArray()
                for part in parts {
                    body.beginObject()
                    body.field("part_number", part.number)
                    body.field("etag", part.etag)
                    body.field("url", part.url)
                    body.endObject()
                }
                body.endArray()
            }.get(subject)
        } catch {
            // Parts that are left cost their owner money; the error that is told is the first one.
            _ = try? ask("abort", call) { $0.field("upload_id", id) }
            throw error
        }
        return true
    }

    private var subject: String { "artifact \(path)" }

    private struct Part {
        let number: Int64
        let url: String
        var etag: String
    }

    /// The answers' etags, filled while the parts are in flight.
    private final class Parts {
        var all: [Part] = []
    }

    private func sendParts(
        _ credentials: [JSON], _ partSize: Int64, _ call: Call
    ) throws(HostError) -> [Part] {
        let parts = Parts()
        let subject = subject
        for (index, credential) in credentials.enumerated() {
            guard let url = credential["url"]?.text else {
                throw HostError(.invalidData, "The server gave a part without an address.", subject: subject)
            }
            parts.all.append(
                Part(number: credential["part_number"]?.int ?? Int64(index + 1), url: url, etag: ""))
            call.protectQuery(of: url)
            let start = (parts.all[index].number - 1) * partSize
            guard start >= 0, start < blob.size else {
                throw HostError(
                    .invalidData, "The server gave a part that the file does not have.", subject: subject)
            }
            var request = HTTPRequest("PUT", url, isIdempotent: true)
            request.headers = HTTPRequest.headers(in: credential["headers"])
            request.blob = blob
            request.blobRange = start..<min(start + partSize, blob.size)
            try lane.launch(request, call) { answer throws(HostError) in
                guard 200..<300 ~= answer.status else { throw Refusal(answer).error(subject) }
                parts.all[index].etag = answer.headers.first { $0.name == "etag" }?.value ?? ""
            }
        }
        try lane.drain(call)
        return parts.all.sorted { $0.number < $1.number }
    }

    private func ask(_ step: String, _ call: Call, _ more: (inout JSONWriter) -> Void) throws(HostError)
        -> Reply
    {
        var body = JSONWriter()
        body.beginObject()
        body.field("path", path.splitLast.name)
        more(&body)
        body.endObject()
        // The calls lie beside the proxy's own path: …/mlflow-artifacts/artifacts/<root> and
        // …/mpu/create/<root>.
        let mark = "\(Path.artifacts)/artifacts/"
        guard let range = root.range(of: mark) else {
            throw HostError(
                .unsupported, "The artifact proxy has an address without \(mark).", subject: subject)
        }
        let directory = PercentEncoding.path(path.splitLast.directory)
        let url =
            "\(root[..<range.lowerBound])\(Path.artifacts)/mpu/\(step)/\(root[range.upperBound...])/\(directory)"
        var request = HTTPRequest("POST", url, isIdempotent: step != "create")
        request.headers = server.settings.headers
        request.headers.append(("Content-Type", "application/json"))
        request.body = body.bytes
        return try server.ask(request, call)
    }
}
