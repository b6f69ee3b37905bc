// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostHTTP
internal import HostRecords

/// An answer whose memory the plugin may read until it gives the ticket back.
final class LentAnswer {
    private let arena = TextArena()
    private let headers: UnsafeMutableBufferPointer<host_http_header>
    private let body: UnsafeMutableBufferPointer<UInt8>
    private let answer: HTTPAnswer

    init(_ answer: HTTPAnswer) {
        self.answer = answer
        headers = .allocate(capacity: answer.headers.count)
        for (index, header) in answer.headers.enumerated() {
            headers.initializeElement(
                at: index, to: host_http_header(name: arena.text(header.name), value: arena.text(header.value)))
        }
        body = .allocate(capacity: answer.body.count)
        _ = body.initialize(from: answer.body)
    }

    deinit {
        headers.deallocate()
        body.deallocate()
    }

    func fill(_ out: UnsafeMutablePointer<host_http_answer>, ticket: UInt64) {
        out.pointee = host_http_answer(
            struct_size: UInt32(MemoryLayout<host_http_answer>.size), status: Int32(answer.status),
            headers: UnsafePointer(headers.baseAddress), header_count: UInt64(headers.count),
            body: host_bytes(data: UnsafePointer(body.baseAddress), size: Int64(body.count)), ticket: ticket,
            tries: UInt32(answer.tries), reserved: 0)
    }
}

/// `host.http/1` over the instance's queue of the HTTP service.
enum HTTPTable {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_http> = {
        let table = UnsafeMutablePointer<host_http>.allocate(capacity: 1)
        table.initialize(
            to: host_http(
                struct_size: UInt32(MemoryLayout<host_http>.size), reserved: 0,
                submit: { call, request, ticket in
                    guard let context = CallContext.from(call) else { return Status.invalidState.rawValue }
                    return context.serve { () throws(HostError) in
                        guard let request, let ticket else { throw HTTPTable.misuse }
                        ticket.pointee = try HTTPTable.submit(context, request.pointee)
                    }
                },
                await: { call, ticket, answer in HTTPTable.await(call, ticket, answer) },
                send: { call, request, answer in
                    guard let context = CallContext.from(call) else { return Status.invalidState.rawValue }
                    var ticket: UInt64 = 0
                    let status = context.serve { () throws(HostError) in
                        guard let request else { throw HTTPTable.misuse }
                        ticket = try HTTPTable.submit(context, request.pointee)
                    }
                    return status == Status.ok.rawValue ? HTTPTable.await(call, ticket, answer) : status
                },
                release: { call, ticket in
                    guard let context = CallContext.from(call) else { return }
                    if context.answers.removeValue(forKey: ticket) == nil { context.queue?.forget(ticket) }
                }))
        return UnsafePointer(table)
    }()

    static let misuse = HostError(.invalidState, "The HTTP service was called without a needed argument.")

    private static func submit(_ context: CallContext, _ raw: host_http_request) throws(HostError) -> UInt64 {
        guard let queue = context.queue else {
            throw HostError(.unsupported, "This call has no network.")
        }
        guard raw.struct_size >= UInt32(MemoryLayout<host_http_request>.size) else { throw misuse }
        var headers: [HTTPRequest.Header] = []
        for index in 0..<Int(raw.header_count) {
            guard let header = raw.headers?[index] else { break }
            headers.append((header.name.string, header.value.string))
        }
        var body: HTTPRequest.Body = .none
        if let blob = BlobTable.blob(raw.blob) {
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
        return try queue.submit(request)
    }

    private static func await(
        _ call: OpaquePointer?, _ wanted: UInt64, _ out: UnsafeMutablePointer<host_http_answer>?
    ) -> host_status {
        guard let context = CallContext.from(call), let out, let queue = context.queue else {
            return Status.invalidState.rawValue
        }
        var isEnd = false
        let status = context.serve { () throws(HostError) in
            guard let (ticket, result) = try queue.wait(for: wanted) else {
                isEnd = true
                return
            }
            out.pointee.ticket = ticket
            let answer = LentAnswer(try result.get())
            context.answers[ticket] = answer
            answer.fill(out, ticket: ticket)
        }
        return isEnd ? Status.end.rawValue : status
    }
}
