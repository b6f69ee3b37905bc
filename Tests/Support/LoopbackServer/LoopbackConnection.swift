// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One accepted connection, served by the one thread that calls `serve`.
final class LoopbackConnection: @unchecked Sendable {
    private let socket: Int32
    private let number: Int
    private let log: LoopbackLog
    private let breaksBodyAfter: @Sendable (LoopbackRequest) -> Int?
    private let respond: LoopbackServer.Respond
    private var buffer: [UInt8] = []
    private var piece = [UInt8](repeating: 0, count: 128 << 10)

    init(
        socket: Int32, number: Int, log: LoopbackLog,
        breaksBodyAfter: @escaping @Sendable (LoopbackRequest) -> Int?,
        respond: @escaping LoopbackServer.Respond
    ) {
        (self.socket, self.number, self.log) = (socket, number, log)
        (self.breaksBodyAfter, self.respond) = (breaksBodyAfter, respond)
    }

    func serve() {
        var isReset = false
        while let request = readRequest(&isReset) {
            log.arrived(request)
            if !perform(respond(request), request, &isReset) { break }
        }
        log.closed(socket) {
            if isReset {
                // Lingering for no time makes the kernel send a reset in place of a proper end.
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(
                    socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            }
            close(socket)
        }
    }

    private func readRequest(_ isReset: inout Bool) -> LoopbackRequest? {
        let blankLine = Array("\r\n\r\n".utf8)
        var searched = 0
        while true {
            if let end = index(of: blankLine, from: searched) {
                guard var request = LoopbackRequest(head: buffer[..<end], connection: number) else {
                    return nil
                }
                buffer.removeFirst(end + blankLine.count)
                return readBody(of: &request, &isReset) ? request : nil
            }
            searched = max(0, buffer.count - 3)
            if !receive() { return nil }
        }
    }

    private func readBody(of request: inout LoopbackRequest, _ isReset: inout Bool) -> Bool {
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        let limit = breaksBodyAfter(request) ?? Int.max
        while request.bodyBytes < length {
            if request.bodyBytes >= limit {
                isReset = true
                return false
            }
            if buffer.isEmpty, !receive() { return false }
            let taken = min(buffer.count, length - request.bodyBytes)
            request.append(buffer[..<taken])
            buffer.removeFirst(taken)
        }
        return true
    }

    /// False when the connection is to end.
    private func perform(_ reply: LoopbackReply, _ request: LoopbackRequest, _ isReset: inout Bool) -> Bool {
        switch reply {
        case .answer(let status, let headers, let body):
            let length = status == 204 || status == 304 ? [:] : ["Content-Length": "\(body.count)"]
            let head = head(status, headers.merging(length) { own, _ in own })
            return send(request.method == "HEAD" ? head : head + body)
        case .answerInTwoWrites(let status, let body):
            return send(head(status, ["Content-Length": "\(body.count)"])) && send(body)
        case .answerThenClose(let status, let body):
            _ = send(head(status, ["Content-Length": "\(body.count)"]) + body)
            return false
        case .chunked(let chunks):
            var bytes = head(200, ["Transfer-Encoding": "chunked"])
            for chunk in chunks + [[]] {
                bytes += "\(String(chunk.count, radix: 16))\r\n".utf8
                bytes += chunk
                bytes += "\r\n".utf8
            }
            return send(bytes)
        case .short(let announced, let body):
            _ = send(head(200, ["Content-Length": "\(announced)"]) + body)
            return false
        case .close: return false
        case .reset:
            isReset = true
            return false
        case .stall:
            while receive() {}
            return false
        }
    }

    private func head(_ status: Int, _ headers: [String: String]) -> [UInt8] {
        let lines = headers.map { "\($0): \($1)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) Scripted\r\n\(lines)\r\n".utf8)
    }

    private func index(of pattern: [UInt8], from start: Int) -> Int? {
        guard buffer.count >= pattern.count else { return nil }
        return (start...(buffer.count - pattern.count)).first { index in
            buffer[index] == pattern[0] && buffer[index..<index + pattern.count].elementsEqual(pattern)
        }
    }

    private func receive() -> Bool {
        let count = recv(socket, &piece, piece.count, 0)
        if count > 0 { buffer += piece[..<count] }
        return count > 0
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return -1 }
                return Glibc.send(socket, base + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }
}
