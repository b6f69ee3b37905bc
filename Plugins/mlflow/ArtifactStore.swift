// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Where a run's files go: through the tracking server, or to a storage for which the server signs addresses.
final class ArtifactStore {
    private enum Access {
        /// The address of the run's root at the server's artifact proxy.
        case proxied(String)
        case signed
    }

    private let server: Server
    private let run: Run
    private let access: Access

    init(_ server: Server, _ run: Run) {
        self.server = server
        self.run = run
        access = Self.proxy(run.artifactURI, server).map { .proxied($0) } ?? .signed
    }

    /// `mlflow-artifacts:/<root>` and `mlflow-artifacts://<host>/<root>` are served by the artifact proxy.
    private static func proxy(_ uri: String, _ server: Server) -> String? {
        let scheme = "mlflow-artifacts:"
        guard uri.hasPrefix(scheme) else { return uri.hasPrefix("\(server.settings.base)/") ? uri : nil }
        var rest = uri.dropFirst(scheme.count)
        var base = server.settings.base
        if rest.hasPrefix("//") {
            let authority = rest.dropFirst(2).prefix { $0 != "/" }
            rest = rest.dropFirst(2 + authority.count)
            if !authority.isEmpty, let mark = base.range(of: "://") {
                let own = base[mark.upperBound...]
                base = "\(base[..<mark.upperBound])\(authority)\(own.drop { $0 != "/" })"
            }
        }
        let root = PercentEncoding.path(String(rest.drop { $0 == "/" }))
        return "\(base)\(Path.artifacts)/artifacts/\(root)"
    }

    func put(
        _ bytes: [UInt8], at path: String, _ lane: Lane, _ sequence: UInt64, _ call: Call
    ) throws(HostError) {
        var request = try upload(path, call)
        request.body = bytes
        try launch(request, path, lane, sequence, call)
    }

    func put(
        _ blob: OpenBlob, at path: String, _ multipart: Bool, _ flight: Flight, _ lane: Lane,
        _ sequence: UInt64, _ call: Call
    ) throws(HostError) {
        if multipart, case .proxied(let root) = access {
            let parts = Lane(flight, limit: server.settings.inFlight)
            let upload = MultipartUpload(server: server, root: root, path: path, blob: blob, lane: parts)
            if try upload.send(call) { return }
        }
        var request = try upload(path, call)
        request.blob = blob
        try launch(request, path, lane, sequence, call)
    }

    private func launch(
        _ request: HTTPRequest, _ path: String, _ lane: Lane, _ sequence: UInt64, _ call: Call
    ) throws(HostError) {
        let subject = "artifact \(path)"
        try lane.launch(request, holding: sequence, call) { answer throws(HostError) in
            guard 200..<300 ~= answer.status else { throw Refusal(answer).error(subject) }
        }
    }

    private func upload(_ path: String, _ call: Call) throws(HostError) -> HTTPRequest {
        switch access {
        case .proxied(let root): server.put(url: "\(root)/\(PercentEncoding.path(path))")
        case .signed: try signedUpload(path, call)
        }
    }

    private func signedUpload(_ path: String, _ call: Call) throws(HostError) -> HTTPRequest {
        var body = JSONWriter()
        body.beginObject()
        body.field("run_id", run.id)
        body.field("path", path)
        body.field("expiration", 3600)
        body.endObject()
        let reply = try server.ask(
            server.post("\(Path.tracking)/artifacts/presigned-upload-url", body.bytes), call)
        guard case .value(let answer) = reply, let url = answer["presigned_url"]?.text else {
            if case .refused(let refusal) = reply, [401, 403, 429, 503].contains(refusal.status) {
                throw refusal.error("artifact \(path)")
            }
            let place = run.artifactURI.prefix { $0 != ":" }
            throw HostError(
                .unsupported,
                "The server does not take this run's files itself, and signs no address for them.",
                subject: "artifact \(path)",
                remedy: "Start the server with --artifacts-destination (its default artifact root is then "
                    + "mlflow-artifacts:/) and load into new experiments; option name-prefix makes them.",
                detail: "the run's artifact location begins with \(place):")
        }
        call.protectQuery(of: url)
        var request = HTTPRequest("PUT", url, isIdempotent: true)
        request.headers = HTTPRequest.headers(in: answer["headers"])
        return request
    }

    /// Names and sizes of the files in one directory.
    func list(_ directory: String, _ call: Call) throws(HostError) -> [String: Int64] {
        var files: [String: Int64] = [:]
        var token: String?
        repeat {
            let answer = try server.fetch(listing(directory, token), "artifacts of \(directory)", call)
            files.merge(Self.files(answer)) { $1 }
            token = answer["next_page_token"]?.text
        } while token?.isEmpty == false
        return files
    }

    func listing(_ directory: String, _ token: String? = nil) -> HTTPRequest {
        var query = [(name: "run_id", value: run.id)]
        if !directory.isEmpty { query.append(("path", directory)) }
        if let token { query.append(("page_token", token)) }
        return server.get("\(Path.tracking)/artifacts/list", query)
    }

    /// A file without a size is empty: absent numbers are zero.
    static func files(_ answer: JSON) -> [String: Int64] {
        var files: [String: Int64] = [:]
        for file in answer["files"]?.items ?? [] where file["is_dir"]?.bool != true {
            files[(file["path"]?.text ?? "").splitLast.name] = file["file_size"]?.int ?? 0
        }
        return files
    }
}

extension HTTPRequest {
    /// Headers as servers hand them out with a signed address: a map, or a list of names and values.
    static func headers(in answer: JSON?) -> [(name: String, value: String)] {
        guard let answer else { return [] }
        let listed = answer.items.compactMap { item in
            item["name"]?.text.flatMap { name in item["value"]?.text.map { (name: name, value: $0) } }
        }
        return listed
            + answer.members.sorted { $0.key < $1.key }.compactMap { name, value in
                value.text.map { (name: name, value: $0) }
            }
    }
}

extension Call {
    /// A signature in a URL is a secret.
    func protectQuery(of url: String) {
        let query = url.drop { $0 != "?" }.dropFirst()
        if !query.isEmpty { protect(String(query)) }
    }
}
