// SPDX-License-Identifier: Apache-2.0

import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct RetryAfterTests {
    @Test(arguments: [429, 503])
    func holdsBackTheWholeServer(status: Int) throws {
        let server = try LoopbackServer(script: [.answer(status, headers: ["Retry-After": "1"])])
        let waits = Collected<Double>()
        let queue = try makeQueue {
            $0.maxConnectionsPerHost = 1
            $0.onWaiting = { _, reason, seconds in
                if reason == "\(status), Retry-After" { waits.append(seconds) }
            }
        }
        let start = ContinuousClock.now
        let first = try queue.submit(HTTPRequest("GET", server.url + "/first"))
        let second = try queue.submit(HTTPRequest("GET", server.url + "/second"))
        #expect(try queue.wait(for: second)?.result.get().tries == 1)
        #expect(ContinuousClock.now - start >= .seconds(1))
        #expect(try queue.wait(for: first)?.result.get().tries == 2)
        #expect(server.requests.count == 3)
        #expect(waits.all.count == 1)
        #expect(waits.all.allSatisfy { (1...1.2).contains($0) })
    }

    @Test func failsAtOnceWhenThePauseIsLongerThanTheBudget() throws {
        let server = try LoopbackServer(script: [.answer(429, headers: ["Retry-After": "3600"])])
        let queue = try makeQueue { $0.maxConnectionsPerHost = 1 }
        let tickets = try (0..<3).map { try queue.submit(HTTPRequest("GET", server.url + "/\($0)")) }
        for ticket in tickets {
            guard case .failure(let error) = try queue.wait(for: ticket)?.result else {
                Issue.record("an answer came")
                continue
            }
            #expect(error.status == .rateLimited)
            #expect((3_590_000...3_601_000).contains(error.retryAfterMilliseconds))
        }
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        ("120", 120), (" 0", 0), ("1.5", 1), ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 37), ("Sun Nov  6 08:49:37 1994", 37),
        ("Thu, 29 Feb 2024 00:00:01 GMT", 925_053_061),
        ("Sat, 05 Nov 1994 08:49:37 GMT", 0),
    ])
    func understandsSecondsAndDates(text: String, seconds: Int64) {
        // 06 Nov 1994 08:49:00 GMT
        #expect(RetryAfter.parse(text, now: 784_111_740)?.components.seconds == seconds)
    }

    @Test(arguments: ["", "soon", "-5", "nan", "99 Foo 1994 aa:bb:cc GMT, x", "32 Nov 1994 08:49 GMT"])
    func ignoresWhatItDoesNotUnderstand(text: String) {
        #expect(RetryAfter.parse(text, now: 0) == nil)
    }
}
