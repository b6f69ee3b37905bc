// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Comet's two interfaces, that of its own client and REST v2: requests with address and key, answers judged.
///
/// Thread rule: that of the loader's instance.
final class Server {
    /// Servers judge a client's age by it; the protocol spoken here is that of this release of comet_ml.
    static let libraryVersion = "3.58.8"

    let settings: Settings
    private var knownWorkspace: String?

    init(_ settings: Settings) { self.settings = settings }

    /// The workspace by name: keys of experiments are made of it.
    func workspace(_ call: Call) throws(HostError) -> String {
        if let named = settings.workspace ?? knownWorkspace { return named }
        let account = try fetch(get("account-details"), "account-details", call)
        guard let name = account["defaultWorkspaceName"]?.text, !name.isEmpty else {
            throw HostError(
                .invalidOption, "The user has no default workspace.", subject: "workspace",
                remedy: "Name one: comet:WORKSPACE.")
        }
        knownWorkspace = name
        return name
    }

    /// A GET of REST v2. Some of these calls write (delete, archive); all may be sent twice.
    func get(_ path: String, _ query: [(name: String, value: String)] = []) -> HTTPRequest {
        let suffix = query.isEmpty ? "" : "?\(PercentEncoding.query(query))"
        return request("GET", "/api/rest/v2/\(path)\(suffix)", isIdempotent: true)
    }

    /// A POST of REST v2 whose repetition does no harm.
    func post(_ path: String, _ body: JSONWriter) -> HTTPRequest {
        json("/api/rest/v2/write/\(path)", body.bytes, isIdempotent: true)
    }

    /// A POST of the client's own interface.
    func client(_ path: String, _ body: [UInt8], isIdempotent: Bool = true) -> HTTPRequest {
        json("/clientlib/\(path)", body, isIdempotent: isIdempotent)
    }

    /// The body of a client's call, which carries the key once more.
    func clientBody(_ fill: (inout JSONWriter) -> Void) -> [UInt8] {
        var body = JSONWriter()
        body.beginObject()
        body.field("apiKey", settings.key)
        fill(&body)
        body.endObject()
        return body.bytes
    }

    func upload(_ path: String, _ query: [(name: String, value: String)], _ form: MultipartForm)
        -> HTTPRequest
    {
        var request = request(
            "POST", "/clientlib/\(path)?\(PercentEncoding.query(query))", isIdempotent: true)
        request.headers.append(("Content-Type", form.contentType))
        request.body = form.bytes
        return request
    }

    func ask(_ request: HTTPRequest, _ call: Call) throws(HostError) -> Result<JSON, RefusalError> {
        Self.judge(try call.send(request))
    }

    /// Asks for what must be there.
    @discardableResult
    func fetch(_ request: HTTPRequest, _ subject: String, _ call: Call) throws(HostError) -> JSON {
        try Self.value(try call.send(request), subject)
    }

    static func judge(_ answer: HTTPAnswer) -> Result<JSON, RefusalError> {
        guard 200..<300 ~= answer.status, let value = try? JSON(parsing: answer.body), case .object = value
        else { return .failure(RefusalError(refusal: Refusal(answer))) }
        return .success(value)
    }

    @discardableResult
    static func value(_ answer: HTTPAnswer, _ subject: String) throws(HostError) -> JSON {
        switch judge(answer) {
        case .success(let value): return value
        case .failure(let failure): throw failure.refusal.error(subject)
        }
    }

    private func json(_ path: String, _ body: [UInt8], isIdempotent: Bool) -> HTTPRequest {
        var request = request("POST", path, isIdempotent: isIdempotent)
        request.headers.append(("Content-Type", "application/json;charset=utf-8"))
        request.body = body
        return request
    }

    private func request(_ method: String, _ path: String, isIdempotent: Bool) -> HTTPRequest {
        var request = HTTPRequest(method, settings.root + path, isIdempotent: isIdempotent)
        request.headers.append(("Authorization", settings.key))
        return request
    }
}

/// A refusal where Swift wants an error.
struct RefusalError: Error {
    let refusal: Refusal
}
