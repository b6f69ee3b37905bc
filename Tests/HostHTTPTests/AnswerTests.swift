// SPDX-License-Identifier: Apache-2.0

import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct AnswerTests {
    @Test func givesStatusHeadersAndBodyAsTheyCame() throws {
        let server = try LoopbackServer { _ in .text(404, "no such run", headers: ["X-Trace-ID": "a b"]) }
        let answer = try makeQueue().send(HTTPRequest("GET", server.url + "/runs?a=b%20c"))
        #expect(answer.status == 404)
        #expect(answer.text == "no such run")
        #expect(answer.header("x-trace-id") == "a b")
        #expect(answer.tries == 1)
        #expect(server.requests.map(\.target) == ["/runs?a=b%20c"])
    }

    @Test func joinsChunks() throws {
        let server = try LoopbackServer(script: [.chunked([Array("ab".utf8), Array("cde".utf8)])])
        #expect(try makeQueue().send(HTTPRequest("GET", server.url)).text == "abcde")
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func sendsBodyOnceWithoutAddingToIt(method: String) throws {
        let server = try LoopbackServer { _ in .answer(200) }
        let request = HTTPRequest(
            method, server.url, headers: [("X-Empty", ""), ("Accept", "a/b")], body: .bytes(Array("{}".utf8)))
        _ = try makeQueue().send(request)
        let seen = try #require(server.requests.first)
        #expect(seen.method == method)
        #expect(seen.text == "{}")
        #expect(seen.headers["content-type"] == nil)
        #expect(seen.headers["expect"] == nil)
        #expect(seen.headers["x-empty"] == "")
        #expect(seen.headers["accept"] == "a/b")
        #expect(seen.headers["user-agent"] == "host")
    }

    @Test func announcesAnEmptyBodyOfAPost() throws {
        let server = try LoopbackServer { _ in .answer(200) }
        let queue = try makeQueue()
        _ = try queue.send(HTTPRequest("POST", server.url))
        _ = try queue.send(HTTPRequest("PUT", server.url, body: .bytes([])))
        _ = try queue.send(HTTPRequest("DELETE", server.url))
        _ = try queue.send(HTTPRequest("HEAD", server.url))
        #expect(server.requests.map { $0.headers["content-length"] } == ["0", "0", nil, nil])
        #expect(server.requests.map(\.method) == ["POST", "PUT", "DELETE", "HEAD"])
    }

    @Test func endsAnAnswerThatIsTooLong() throws {
        let server = try LoopbackServer { _ in .answer(200, body: [UInt8](repeating: 7, count: 5000)) }
        let queue = try makeQueue()
        let error = failure { () throws(HostError) in
            try queue.send(HTTPRequest("GET", server.url, maxAnswerBytes: 4999))
        }
        #expect(error?.status == .limit)
        #expect(try queue.send(HTTPRequest("GET", server.url, maxAnswerBytes: 5000)).body.count == 5000)
        #expect(server.requests.count == 2)
    }

    @Test func leavesAnUnknownStatusAndAuthErrorsToThePlugin() throws {
        let server = try LoopbackServer(script: [.answer(401), .answer(403), .answer(501), .answer(418)])
        let queue = try makeQueue()
        for status in [401, 403, 501, 418] {
            #expect(try queue.send(HTTPRequest("GET", server.url)).status == status)
        }
    }

    @Test(arguments: [
        HTTPRequest("GET", "http://127.0.0.1:1/a b"), HTTPRequest("GET", "file:///etc/passwd"),
        HTTPRequest("GE T", "http://127.0.0.1:1/"),
        HTTPRequest("GET", "http://127.0.0.1:1/", headers: [("Authorization", "Bearer x\r\nEvil: 1")]),
        HTTPRequest("GET", "http://127.0.0.1:1/", headers: [("A:b", "c")]),
    ])
    func refusesWhatWouldBreakTheRequestHead(request: HTTPRequest) throws {
        let error = failure { () throws(HostError) in try makeQueueOrThrow().send(request) }
        #expect(error?.status == .invalidData)
        #expect(error?.description.contains("Evil") == false)
    }

    private func makeQueueOrThrow() throws(HostError) -> HTTPQueue {
        try HTTPService(quickSettings()).makeQueue()
    }
}
