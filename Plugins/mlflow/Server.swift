// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The tracking server's REST interface: requests with address and credentials, and answers judged.
///
/// Thread rule: that of the loader's instance.
final class Server {
    let settings: Settings
    private var knownFacts: ServerFacts?

    init(_ settings: Settings) { self.settings = settings }

    func get(_ path: String, _ query: [(name: String, value: String)] = []) -> HTTPRequest {
        let suffix = query.isEmpty ? "" : "?\(PercentEncoding.query(query))"
        return request("GET", path + suffix, isIdempotent: true)
    }

    /// Every call used here but runs/create may be sent twice.
    func post(_ path: String, _ body: [UInt8], isIdempotent: Bool = true) -> HTTPRequest {
        var request = request("POST", path, isIdempotent: isIdempotent)
        request.headers.append(("Content-Type", "application/json"))
        request.body = body
        return request
    }

    func put(url: String) -> HTTPRequest {
        var request = HTTPRequest("PUT", url, isIdempotent: true)
        request.headers = settings.headers
        request.headers.append(("Content-Type", "application/octet-stream"))
        return request
    }

    func ask(_ request: HTTPRequest, _ call: Call) throws(HostError) -> Reply {
        Reply(try call.send(request))
    }

    /// Asks for what must be there.
    func fetch(_ request: HTTPRequest, _ subject: String, _ call: Call) throws(HostError) -> JSON {
        try ask(request, call).get(subject)
    }

    /// Asked once.
    func facts(_ call: Call) throws(HostError) -> ServerFacts {
        if let knownFacts { return knownFacts }
        let facts = try ServerFacts(self, call)
        knownFacts = facts
        return facts
    }

    private func request(_ method: String, _ path: String, isIdempotent: Bool) -> HTTPRequest {
        var request = HTTPRequest(method, settings.base + path, isIdempotent: isIdempotent)
        request.headers = settings.headers
        return request
    }
}

enum Path {
    static let tracking = "/api/2.0/mlflow"
    static let serverInfo = "/api/3.0/mlflow/server-info"
    static let artifacts = "/api/2.0/mlflow-artifacts"
}
