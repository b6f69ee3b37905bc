// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct CancelTests {
    @Test func endsAWaitDuringAStall() throws {
        let server = try LoopbackServer { _ in .stall }
        let queue = try makeQueue()
        let ticket = try queue.submit(HTTPRequest("GET", server.url))
        #expect(server.waitForRequests(1))
        Thread.detachNewThread { queue.cancelAll() }
        let start = ContinuousClock.now
        let error = #expect(throws: HostError.self) { try queue.wait(for: ticket) }
        #expect(error?.status == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(5))
        // The service has let go of the connection too, not only of the caller.
        #expect(server.waitForClosedConnections(1))
    }

    @Test func refusesWorkUntilReopened() throws {
        let server = try LoopbackServer { _ in .text(200, "x") }
        let queue = try makeQueue()
        queue.cancelAll()
        let error = failure { () throws(HostError) in try queue.send(HTTPRequest("GET", server.url)) }
        #expect(error?.status == .cancelled)
        queue.reopen()
        #expect(try queue.send(HTTPRequest("GET", server.url)).text == "x")
        #expect(server.requests.count == 1)
    }

    @Test func endsAPauseBetweenTries() throws {
        let server = try LoopbackServer { _ in .answer(503, headers: ["Retry-After": "15"]) }
        let waits = DispatchSemaphore(value: 0)
        let queue = try makeQueue { $0.onWaiting = { _, _, _ in waits.signal() } }
        _ = try queue.submit(HTTPRequest("GET", server.url))
        #expect(waits.wait(timeout: .now() + 30) == .success)
        queue.cancelAll()
        #expect(throws: HostError.self) { try queue.wait() }
    }

    @Test func forgetsOneAndKeepsTheOthers() throws {
        let server = try LoopbackServer { $0.target == "/stall" ? .stall : .text(200, $0.target) }
        let queue = try makeQueue()
        let stalled = try queue.submit(HTTPRequest("GET", server.url + "/stall"))
        let other = try queue.submit(HTTPRequest("GET", server.url + "/other"))
        #expect(server.waitForRequests(2))
        queue.forget(stalled)
        queue.forget(stalled)
        queue.forget(999)
        #expect(try queue.wait()?.ticket == other)
        #expect(try queue.wait() == nil)
        let error = #expect(throws: HostError.self) { try queue.wait(for: stalled) }
        #expect(error?.status == .invalidState)
        #expect(server.waitForClosedConnections(1))
    }

    @Test func dropsRequestsOfAQueueThatIsGone() throws {
        let server = try LoopbackServer { _ in .stall }
        let service = try HTTPService(quickSettings())
        do {
            let queue = service.makeQueue()
            _ = try queue.submit(HTTPRequest("GET", server.url))
            #expect(server.waitForRequests(1))
        }
        #expect(server.waitForClosedConnections(1))
    }

    @Test func stoppingTheServiceEndsAllWaits() throws {
        let server = try LoopbackServer { _ in .stall }
        let service = try HTTPService(quickSettings { $0.maxConnectionsPerHost = 1 })
        let queue = service.makeQueue()
        for _ in 0..<3 { _ = try queue.submit(HTTPRequest("GET", server.url)) }
        #expect(server.waitForRequests(1))
        service.stop()
        var ended = 0
        while let (_, result) = try queue.wait() {
            guard case .failure(let error) = result else { continue }
            #expect(error.status == .cancelled)
            ended += 1
        }
        #expect(ended == 3)
        #expect(throws: HostError.self) { try queue.submit(HTTPRequest("GET", server.url)) }
    }

    @Test func queuesDoNotSeeEachOther() throws {
        let server = try LoopbackServer { .text(200, $0.target) }
        let service = try HTTPService(quickSettings())
        let (one, two) = (service.makeQueue(), service.makeQueue())
        _ = try one.submit(HTTPRequest("GET", server.url + "/one"))
        #expect(try two.wait() == nil)
        two.cancelAll()
        #expect(try one.wait()?.result.get().text == "/one")
    }
}
