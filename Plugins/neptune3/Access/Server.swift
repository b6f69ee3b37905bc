// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The paths of Neptune's interface.
enum Path {
    static let exchange = "/api/backend/v1/authorization/oauth-token"
    static let projects = "/api/backend/v1/projects"
    static let project = "/api/backend/v1/projects/get"
    /// The slash at the end belongs to it.
    static let search = "/api/leaderboard/v1/proto/leaderboard/entries/search/"
    static let definitions = "/api/leaderboard/v1/leaderboard/attributes/definitions/query"
    static let values = "/api/leaderboard/v1/proto/leaderboard/attributes/query"
    static let points = "/api/leaderboard/v1/proto/attributes/series/float"
    static let series = "/api/leaderboard/v1/proto/attributes/series"
    static let signing = "/api/storagebridge/v1/signedUrl"
}

/// A request that is under way, with what is needed to send it again.
struct Pending {
    fileprivate let request: HTTPRequest
    fileprivate let ticket: UInt64
    fileprivate let generation: Int
}

/// Neptune's interface: requests with address and access token, and answers judged.
///
/// Thread rule: that of the exporter's instance.
final class Server {
    private let session: Session
    /// Under way for readers that may be closed before they are answered.
    private var abandoned: [UInt64] = []

    init(_ session: Session) { self.session = session }

    func get(_ path: String, _ query: [(name: String, value: String)]) -> HTTPRequest {
        let suffix = query.isEmpty ? "" : "?\(PercentEncoding.query(query))"
        var request = HTTPRequest("GET", session.base + path + suffix, isIdempotent: true)
        request.headers = [("Accept-Encoding", "gzip")]
        return request
    }

    /// Every call that is used here reads, so it may be sent twice.
    func post(_ path: String, _ query: [(name: String, value: String)], _ body: [UInt8]) -> HTTPRequest {
        var request = get(path, query)
        request.method = "POST"
        request.headers.append(("Content-Type", "application/json"))
        request.body = body
        return request
    }

    /// Starts a request; each is answered by `answer` once, or abandoned.
    func submit(_ request: HTTPRequest, _ call: Call) throws(HostError) -> Pending {
        for ticket in abandoned { call.forget(ticket) }
        abandoned = []
        var authorized = request
        authorized.headers.append(try session.authorization(call))
        return Pending(
            request: request, ticket: try call.submit(authorized), generation: session.generation)
    }

    /// The body of the answer. A token that ended meanwhile is renewed, once.
    private func body(_ pending: Pending, _ subject: String, _ call: Call) throws(HostError) -> [UInt8] {
        var answer = try call.answer(to: pending.ticket)
        if answer.status == 401 {
            try session.renew(after: pending.generation, call)
            answer = try call.answer(to: try submit(pending.request, call).ticket)
        }
        guard 200..<300 ~= answer.status else { throw Refusal(answer).error(subject) }
        return answer.body
    }

    /// What `read` makes of the answer. A damaged one is asked for again: what cut it is not there each time.
    func answer<Value>(
        _ pending: Pending, _ subject: String, _ call: Call, _ read: ([UInt8]) throws(HostError) -> Value
    ) throws(HostError) -> Value {
        var pending = pending
        for _ in 0..<2 {
            do {
                return try read(try body(pending, subject, call))
            } catch where error.status == .invalidData && error.httpStatus == 0 {
                call.log(.warning, "\(subject): \(error.message) It is asked for again.")
                pending = try submit(pending.request, call)
            }
        }
        return try read(try body(pending, subject, call))
    }

    func ask<Value>(
        _ request: HTTPRequest, _ subject: String, _ call: Call, _ read: ([UInt8]) throws(HostError) -> Value
    ) throws(HostError) -> Value {
        try answer(try submit(request, call), subject, call, read)
    }

    func askJSON(_ request: HTTPRequest, _ subject: String, _ call: Call) throws(HostError) -> JSON {
        try ask(request, subject, call) { bytes throws(HostError) in try JSON(answer: bytes, subject) }
    }

    /// The answer is wanted no more; its memory is given back with the next request.
    func abandon(_ pending: Pending) { abandon(pending.ticket) }

    func abandon(_ ticket: UInt64) { abandoned.append(ticket) }
}
