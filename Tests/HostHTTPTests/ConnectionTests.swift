// SPDX-License-Identifier: Apache-2.0

import HostHTTP
import HostRecords
import LoopbackServer
import Synchronization
import Testing

@Suite struct ConnectionTests {
    @Test func keepsOneConnectionForRequestsInTurn() throws {
        let server = try LoopbackServer { _ in .text(200, "x") }
        let queue = try makeQueue()
        for _ in 0..<20 { _ = try queue.send(HTTPRequest("GET", server.url)) }
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: ["GET", "POST"])
    func noticesThatAnIdleConnectionWasClosed(method: String) throws {
        let server = try LoopbackServer(script: [.answerThenClose(200, body: [1]), .text(200, "fresh")])
        let queue = try makeQueue()
        _ = try queue.send(HTTPRequest("GET", server.url))
        #expect(server.waitForClosedConnections(1))
        let answer = try queue.send(HTTPRequest(method, server.url, body: .bytes([1, 2, 3])))
        #expect(answer.text == "fresh")
        #expect(answer.tries == 1)
        #expect(server.connectionCount == 2)
    }

    /// The server closes while the request is under way: only the server knows whether it was carried out.
    @Test func repeatsAReadAtOnceWhenItMeetsTheClosing() throws {
        let server = try LoopbackServer(script: [.text(200, "first"), .close, .text(200, "fresh")])
        let queue = try makeQueue { $0.retry.maxAttempts = 1 }
        _ = try queue.send(HTTPRequest("GET", server.url))
        #expect(try queue.send(HTTPRequest("GET", server.url)).text == "fresh")
        #expect(server.connectionCount == 2)
    }

    @Test(arguments: [0, 10, 3_000_000])
    func neverSendsAWriteTwiceWhenItMeetsTheClosing(bodyBytes: Int) throws {
        let server = try LoopbackServer(script: [.text(200, "first"), .close])
        let queue = try makeQueue()
        _ = try queue.send(HTTPRequest("GET", server.url))
        let write = HTTPRequest("POST", server.url, body: .bytes([UInt8](repeating: 1, count: bodyBytes)))
        let error = failure { () throws(HostError) in try queue.send(write) }
        #expect(error?.status == .unavailable)
        #expect(error?.message.contains("may have carried it out") == true)
        #expect(server.requests.count == 2)
    }

    @Test func answersAThousandWithEightInFlight() throws {
        let most = Mutex((now: 0, most: 0))
        let server = try LoopbackServer { request in
            most.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            defer { most.withLock { $0.now -= 1 } }
            return .text(200, request.target)
        }
        let queue = try makeQueue { $0.maxConnectionsPerHost = 8 }
        var targets: [UInt64: String] = [:]
        for number in 0..<1000 {
            targets[try queue.submit(HTTPRequest("GET", "\(server.url)/\(number)"))] = "/\(number)"
        }
        while let (ticket, result) = try queue.wait() {
            #expect(try result.get().text == targets.removeValue(forKey: ticket))
        }
        #expect(targets.isEmpty)
        #expect((2...8).contains(server.connectionCount))
        #expect(most.withLock { $0.most } <= 8)
        #expect(Set(server.requests.map(\.target)).count == 1000)
    }

    /// Without the cure each of these answers costs the 40 ms of a delayed acknowledgement.
    @Test func doesNotWaitForDelayedAcknowledgements() throws {
        let body = [UInt8](repeating: 65, count: 200)
        let server = try LoopbackServer { _ in .answerInTwoWrites(200, body: body) }
        func seconds(_ isCured: Bool) throws -> Double {
            let queue = try makeQueue { $0.acknowledgesAtOnce = isCured }
            let start = ContinuousClock.now
            for _ in 0..<60 { #expect(try queue.send(HTTPRequest("GET", server.url)).body == body) }
            return (ContinuousClock.now - start) / .seconds(1)
        }
        let slow = try seconds(false)
        let quick = try seconds(true)
        print("60 answers in two writes: \(slow) s with delayed acknowledgements, \(quick) s without")
        #expect(quick < slow / 2)
    }

    @Test func keepsToTheRequestRate() throws {
        let server = try LoopbackServer { _ in .answer(200) }
        let queue = try makeQueue { $0.requestsPerSecond = 50 }
        let start = ContinuousClock.now
        for _ in 0..<30 { _ = try queue.submit(HTTPRequest("GET", server.url)) }
        while try queue.wait() != nil {}
        // A burst of five passes at once.
        #expect(ContinuousClock.now - start >= .milliseconds(490))
    }

    @Test func keepsToTheBandwidth() throws {
        let server = try LoopbackServer { _ in .answer(200, body: [UInt8](repeating: 1, count: 200_000)) }
        let queue = try makeQueue { $0.bandwidthBytesPerSecond = 1_000_000 }
        let start = ContinuousClock.now
        let tickets = try (0..<2).map { _ in
            try queue.submit(
                HTTPRequest("POST", server.url, body: .bytes([UInt8](repeating: 2, count: 200_000))))
        }
        for ticket in tickets { #expect(try queue.wait(for: ticket)?.result.get().body.count == 200_000) }
        // 800 kB in all, of which a tenth of a second's worth is a burst, and the last piece may be
        // overdrawn.
        #expect(ContinuousClock.now - start >= .milliseconds(500))
        #expect(server.requests.allSatisfy { $0.bodyBytes == 200_000 })
    }
}
