// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// One request to the host's HTTP service; see `ext/http.h` for what is retried.
public struct HTTPRequest {
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)] = []
    public var body: [UInt8] = []
    /// The body comes from here instead, without being held in memory.
    public var blob: OpenBlob?
    public var blobRange: Range<Int64>?
    /// Sending it twice does no harm, so it is tried again after any passing failure.
    public var isIdempotent: Bool
    /// The query holds a signature: logs show the path only.
    public var hidesQuery = false
    public var timeoutMilliseconds: Int64 = 0
    public var maxAnswerBytes: Int64 = 0

    public init(_ method: String, _ url: String, isIdempotent: Bool) {
        self.method = method
        self.url = url
        self.isIdempotent = isIdempotent
    }
}

public struct HTTPAnswer: Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// 1: the first try went through.
    public var tries: Int
}

extension Call {
    /// Sends and waits.
    public func send(_ request: HTTPRequest) throws(HostError) -> HTTPAnswer {
        let ticket = try submit(request)
        return try answer(to: ticket)
    }

    /// Starts a request; the ticket is for `answer(to:)`.
    public func submit(_ request: HTTPRequest) throws(HostError) -> UInt64 {
        let http = try httpService()
        let arena = TextArena()
        let headers = request.headers.map { host_http_header(name: arena.text($0.name), value: arena.text($0.value)) }
        var ticket: UInt64 = 0
        let status = headers.withUnsafeBufferPointer { headers in
            withHostBytes(request.body) { body in
                var raw = host_http_request()
                raw.struct_size = UInt32(MemoryLayout<host_http_request>.size)
                raw.flags =
                    (request.isIdempotent ? UInt32(HOST_HTTP_IDEMPOTENT) : 0)
                    | (request.hidesQuery ? UInt32(HOST_HTTP_SECRET_URL) : 0)
                raw.method = arena.text(request.method)
                raw.url = arena.text(request.url)
                raw.headers = headers.baseAddress
                raw.header_count = UInt64(headers.count)
                raw.body = body
                raw.blob = request.blob?.handle
                raw.blob_offset = request.blobRange?.lowerBound ?? 0
                raw.blob_length = request.blobRange.map { $0.upperBound - $0.lowerBound } ?? -1
                raw.timeout_ms = request.timeoutMilliseconds
                raw.max_answer_bytes = request.maxAnswerBytes
                return http.pointee.submit(handle, &raw, &ticket)
            }
        }
        try check(status)
        return ticket
    }

    /// Waits for one ticket; throws the error of a request that failed for good.
    public func answer(to ticket: UInt64) throws(HostError) -> HTTPAnswer {
        guard let answer = try finished(ticket)?.result else {
            throw HostError(.internal, "A request was awaited that is not in flight.")
        }
        return try answer.get()
    }

    /// Waits for any request of this instance; nil when none is in flight.
    public func anyAnswer() throws(HostError) -> (ticket: UInt64, result: Result<HTTPAnswer, HostError>)? {
        try finished(0)
    }

    /// Forgets a request that is still in flight.
    public func forget(_ ticket: UInt64) {
        (try? httpService())?.pointee.release(handle, ticket)
    }

    private func finished(
        _ wanted: UInt64
    ) throws(HostError) -> (ticket: UInt64, result: Result<HTTPAnswer, HostError>)? {
        let http = try httpService()
        var raw = host_http_answer()
        raw.struct_size = UInt32(MemoryLayout<host_http_answer>.size)
        let status = Status(rawValue: http.pointee.await(handle, wanted, &raw))
        if status == .end { return nil }
        guard status == .ok else {
            // Without a ticket it is the waiting that failed: cancelled, or nothing to wait for.
            guard raw.ticket != 0 else { throw lastError(status) }
            return (raw.ticket, .failure(lastError(status)))
        }
        defer { http.pointee.release(handle, raw.ticket) }
        var headers: [(name: String, value: String)] = []
        for index in 0..<Int(raw.header_count) {
            guard let header = raw.headers?[index] else { break }
            headers.append((header.name.string, header.value.string))
        }
        let answer = HTTPAnswer(
            status: Int(raw.status), headers: headers, body: raw.body.array, tries: Int(raw.tries))
        return (raw.ticket, .success(answer))
    }

    private func httpService() throws(HostError) -> UnsafePointer<host_http> {
        guard let http = service(HOST_HTTP_SERVICE, as: host_http.self) else {
            throw HostError(.unsupported, "This host has no HTTP service.", subject: HOST_HTTP_SERVICE)
        }
        return http
    }

    func check(_ raw: host_status) throws(HostError) {
        let status = Status(rawValue: raw)
        guard status == .ok else { throw lastError(status) }
    }
}
