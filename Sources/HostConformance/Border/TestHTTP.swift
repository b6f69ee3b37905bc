// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostABI
internal import HostHTTP
internal import HostRecords

/// An answer whose memory the plugin may read until it gives the ticket back; then it is taken away.
final class TestAnswer {
    private let pages: LentPages
    private let answer: HTTPAnswer
    private let headers: UnsafePointer<host_http_header>
    private let body: host_bytes

    init(_ answer: HTTPAnswer) {
        let pages = LentPages(.arguments)
        self.pages = pages
        self.answer = answer
        let list = answer.headers.map {
            host_http_header(name: pages.text($0.name), value: pages.text($0.value))
        }
        let place = list.withUnsafeBytes { pages.copy($0) }
        headers = UnsafePointer(place.assumingMemoryBound(to: host_http_header.self))
        body = pages.bytes(answer.body)
    }

    deinit { pages.revoke() }

    func fill(_ out: UnsafeMutablePointer<host_http_answer>, ticket: UInt64) {
        out.pointee = host_http_answer(
            struct_size: UInt32(MemoryLayout<host_http_answer>.size), status: Int32(answer.status),
            headers: headers, header_count: UInt64(answer.headers.count), body: body, ticket: ticket,
            tries: UInt32(answer.tries), reserved: 0)
    }
}

/// `host.http/1` over the host's own queue, with a place in front of it where faults are made.
enum TestHTTP {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_http> = {
        let table = UnsafeMutablePointer<host_http>.allocate(capacity: 1)
        table.initialize(
            to: host_http(
                struct_size: UInt32(MemoryLayout<host_http>.size), reserved: 0,
                submit: { call, request, ticket in
                    guard let call = TestCall.from(call) else { return Status.invalidState.rawValue }
                    return call.serve { () throws(HostError) in
                        guard let request, let ticket else { throw misuse }
                        ticket.pointee = try submit(call, request.pointee)
                    }
                },
                await: { call, ticket, answer in TestHTTP.answer(call, ticket, answer) },
                send: { call, request, answer in
                    guard let test = TestCall.from(call) else { return Status.invalidState.rawValue }
                    var ticket: UInt64 = 0
                    let status = test.serve { () throws(HostError) in
                        guard let request else { throw misuse }
                        ticket = try submit(test, request.pointee)
                    }
                    return status == Status.ok.rawValue ? TestHTTP.answer(call, ticket, answer) : status
                },
                release: { call, ticket in
                    guard let call = TestCall.from(call) else { return }
                    if call.endpoint.answers.removeValue(forKey: ticket) != nil { return }
                    if call.endpoint.made.removeValue(forKey: ticket) != nil { return }
                    call.endpoint.queue?.forget(ticket)
                }))
        return UnsafePointer(table)
    }()

    private static let misuse = HostError(
        .invalidState, "The HTTP service was called without a needed argument.")
    /// Tickets of answers that never saw the network; the queue's own count from 1.
    private static let firstMadeTicket: UInt64 = 1 << 62

    private static func submit(_ call: TestCall, _ raw: host_http_request) throws(HostError) -> UInt64 {
        guard let queue = call.endpoint.queue else {
            throw HostError(.unsupported, "This call has no network.")
        }
        guard raw.struct_size >= UInt32(MemoryLayout<host_http_request>.size) else { throw misuse }
        var headers: [HTTPRequest.Header] = []
        for index in 0..<Int(raw.header_count) {
            guard let header = raw.headers?[index] else { break }
            headers.append((header.name.string, header.value.string))
        }
        var body: HTTPRequest.Body = .none
        if let blob = TestBlobs.object(raw.blob) {
            let length = raw.blob_length < 0 ? blob.size - raw.blob_offset : raw.blob_length
            body = .source(blob.source, offset: raw.blob_offset, length: length)
        } else if raw.body.size > 0 {
            body = .bytes(raw.body.array)
        }
        var request = HTTPRequest(raw.method.string, raw.url.string, headers: headers, body: body)
        request.isIdempotent = raw.flags & UInt32(HOST_HTTP_IDEMPOTENT) != 0
        request.hidesQuery = raw.flags & UInt32(HOST_HTTP_SECRET_URL) != 0
        if raw.timeout_ms > 0 { request.timeout = .milliseconds(raw.timeout_ms) }
        if raw.max_answer_bytes > 0 { request.maxAnswerBytes = Int(raw.max_answer_bytes) }
        call.endpoint.requests += 1
        if let made = call.endpoint.fault?(request) {
            let ticket = firstMadeTicket + UInt64(call.endpoint.requests)
            call.endpoint.made[ticket] = made
            return ticket
        }
        return try queue.submit(request)
    }

    private static func answer(
        _ raw: OpaquePointer?, _ wanted: UInt64, _ out: UnsafeMutablePointer<host_http_answer>?
    ) -> host_status {
        guard let call = TestCall.from(raw), let out, let queue = call.endpoint.queue else {
            return Status.invalidState.rawValue
        }
        var isEnd = false
        let status = call.serve { () throws(HostError) in
            guard let (ticket, result) = try next(call.endpoint, queue, wanted) else {
                isEnd = true
                return
            }
            out.pointee.ticket = ticket
            let answer = TestAnswer(try result.get())
            call.endpoint.answers[ticket] = answer
            answer.fill(out, ticket: ticket)
        }
        return isEnd ? Status.end.rawValue : status
    }

    private static func next(
        _ endpoint: TestEndpoint, _ queue: HTTPQueue, _ wanted: UInt64
    ) throws(HostError) -> (UInt64, Result<HTTPAnswer, HostError>)? {
        let ticket = wanted == 0 ? endpoint.made.keys.min() : wanted
        if let ticket, let made = endpoint.made.removeValue(forKey: ticket) { return (ticket, made) }
        return try queue.wait(for: wanted).map { ($0.0, $0.1) }
    }
}
