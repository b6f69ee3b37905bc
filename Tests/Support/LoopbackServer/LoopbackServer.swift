// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A small HTTP/1.1 server on 127.0.0.1 that does as a test tells it: one thread a connection, blocking
/// sockets.
///
/// It is no server for production; it exists to misbehave on purpose.
package final class LoopbackServer: Sendable {
    package typealias Respond = @Sendable (LoopbackRequest) -> LoopbackReply

    package let port: UInt16
    private let listener: Int32
    private let log = LoopbackLog()
    private let respond: Respond
    private let breaksBodyAfter: @Sendable (LoopbackRequest) -> Int?

    /// - Parameters:
    ///   - breaksBodyAfter: asked after the head: so many bytes of the body are read, then the connection is
    ///     reset.
    ///   - respond: asked when the whole request has arrived, on the connection's thread.
    package init(
        breaksBodyAfter: @escaping @Sendable (LoopbackRequest) -> Int? = { _ in nil },
        respond: @escaping Respond
    ) throws {
        (listener, port) = try Self.listen()
        self.respond = respond
        self.breaksBodyAfter = breaksBodyAfter
        let (listener, log, respond) = (listener, log, respond)
        Thread.detachNewThread {
            while true {
                let socket = accept(listener, nil, nil)
                if socket < 0 { break }
                guard let number = log.opened(socket) else {
                    close(socket)
                    continue
                }
                let connection = LoopbackConnection(
                    socket: socket, number: number, log: log, breaksBodyAfter: breaksBodyAfter,
                    respond: respond)
                Thread.detachNewThread { connection.serve() }
            }
        }
    }

    /// Gives these replies in the order in which requests arrive, then 200 for ever.
    package convenience init(script: [LoopbackReply]) throws {
        let lines = LoopbackScript(script)
        try self.init { _ in lines.next() }
    }

    deinit { stop() }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [LoopbackRequest] { log.requests }
    package var connectionCount: Int { log.connectionCount }

    /// Blocks until so many requests have arrived whole, at most 30 s. False when they did not.
    package func waitForRequests(_ count: Int) -> Bool { log.wait { $0.requests.count >= count } }

    /// Blocks until the server has closed so many connections, at most 30 s. False when it did not.
    package func waitForClosedConnections(_ count: Int) -> Bool { log.wait { $0.closed >= count } }

    /// Ends all connections and takes no more.
    package func stop() {
        guard log.stop() else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && Glibc.listen(listener, 128) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isReady else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return (listener, address.sin_port.bigEndian)
    }
}
