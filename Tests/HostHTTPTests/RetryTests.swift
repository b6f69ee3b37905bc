// SPDX-License-Identifier: Apache-2.0

import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct RetryTests {
    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func triesReadingAgain(status: Int) throws {
        let server = try LoopbackServer(script: [.text(status, "busy"), .text(200, "done")])
        let answer = try makeQueue().send(HTTPRequest("GET", server.url))
        #expect(answer.text == "done")
        #expect(answer.tries == 2)
    }

    @Test(arguments: [429, 503])
    func triesWritingAgainWhenTheServerDeclined(status: Int) throws {
        let server = try LoopbackServer(script: [.answer(status), .answer(200)])
        #expect(try makeQueue().send(HTTPRequest("POST", server.url)).tries == 2)
    }

    @Test(arguments: [408, 500, 502, 504])
    func doesNotRepeatAWriteThatMayHaveHappened(status: Int) throws {
        let server = try LoopbackServer(script: [.answer(status)])
        let answer = try makeQueue().send(HTTPRequest("POST", server.url))
        #expect(answer.status == status)
        #expect(server.requests.count == 1)
    }

    @Test func repeatsAWriteThatIsFlaggedIdempotent() throws {
        let server = try LoopbackServer(script: [.reset, .answer(502), .answer(200)])
        #expect(try makeQueue().send(HTTPRequest("POST", server.url, isIdempotent: true)).tries == 3)
    }

    @Test func givesUpOn500AfterThreeTriesAndHandsItOver() throws {
        let server = try LoopbackServer { _ in .text(500, "{\"error_code\":\"INVALID_STATE\"}") }
        let answer = try makeQueue().send(HTTPRequest("GET", server.url))
        #expect(answer.status == 500)
        #expect(answer.tries == 3)
        #expect(answer.text.contains("INVALID_STATE"))
    }

    @Test func survivesBrokenConnectionsAndShortAnswers() throws {
        let server = try LoopbackServer(script: [
            .reset, .close, .short(announced: 100, body: [1, 2]), .text(200, "whole"),
        ])
        let answer = try makeQueue().send(HTTPRequest("GET", server.url))
        #expect(answer.text == "whole")
        #expect(server.requests.count == 4)
    }

    @Test func neverTakesAShortAnswerForAWholeOne() throws {
        let server = try LoopbackServer { _ in .short(announced: 100, body: [1, 2]) }
        let error = failure { () throws(HostError) in
            try service { $0.retry.maxAttempts = 3 }.send(
                HTTPRequest("GET", server.url + "/f?key=1", hidesQuery: true))
        }
        #expect(error?.status == .unavailable)
        #expect(error?.subject == "GET 127.0.0.1:\(server.port)/f")
        #expect(server.requests.count == 3)
    }

    @Test func saysTheServersOwnWordsWhenTheBudgetIsSpent() throws {
        let server = try LoopbackServer { _ in .text(503, "maintenance\n until noon") }
        let error = failure { () throws(HostError) in
            try service { $0.retry.budget = .milliseconds(30) }.send(
                HTTPRequest("GET", server.url + "/x?a=1"))
        }
        #expect(error?.status == .unavailable)
        #expect(error?.httpStatus == 503)
        #expect(error?.subject == "GET 127.0.0.1:\(server.port)/x?a=1")
        #expect(error?.message.contains("\"maintenance until noon\"") == true)
    }

    @Test func endsAStalledTryByItselfAndTriesAgain() throws {
        let server = try LoopbackServer(script: [.stall, .text(200, "late")])
        let answer = try makeQueue { $0.stallTimeout = .milliseconds(200) }.send(
            HTTPRequest("GET", server.url))
        #expect(answer.text == "late")
        #expect(answer.tries == 2)
    }

    @Test func reportsATimeoutOfOneTry() throws {
        let server = try LoopbackServer { _ in .stall }
        let error = failure { () throws(HostError) in
            try service { $0.retry.maxAttempts = 2 }.send(
                HTTPRequest("GET", server.url, timeout: .milliseconds(100)))
        }
        #expect(error?.status == .timeout)
        #expect(server.requests.count == 2)
    }

    @Test func waitsForAServerThatIsNotUpYet() throws {
        let old = try LoopbackServer { _ in .answer(200) }
        let url = old.url
        old.stop()
        let waits = Collected<String>()
        let error = failure { () throws(HostError) in
            try service {
                $0.retry.maxAttempts = 3
                $0.onWaiting = { authority, reason, _ in waits.append("\(authority) \(reason)") }
            }.send(HTTPRequest("POST", url))
        }
        #expect(error?.status == .unavailable)
        #expect(error?.retryClass == .later)
        #expect(waits.all.count == 2)
    }

    @Test func doesNotWaitForAHostThatDoesNotExist() throws {
        let error = failure { () throws(HostError) in
            try service().send(HTTPRequest("GET", "http://no-such-host.invalid/"))
        }
        #expect(error?.retryClass == .stop)
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }

    private func service(_ change: (inout HTTPSettings) -> Void = { _ in }) throws(HostError) -> HTTPQueue {
        try HTTPService(quickSettings(change)).makeQueue()
    }
}
