// SPDX-License-Identifier: Apache-2.0

import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct RedirectTests {
    private let secrets: [HTTPRequest.Header] = [
        ("Authorization", "Bearer 12345678"), ("Cookie", "a=b"), ("X-Goog-Token", "12345678"),
        ("Comet-API-Key", "12345678"), ("X-Harmless", "1"),
    ]

    @Test func followsWithinAServerWithCredentials() throws {
        let server = try LoopbackServer(script: [
            .answer(302, headers: ["Location": "b?c=1"]), .text(200, "there"),
        ])
        let answer = try makeQueue().send(HTTPRequest("GET", server.url + "/a/", headers: secrets))
        #expect(answer.text == "there")
        #expect(answer.tries == 1)
        #expect(server.requests.map(\.target) == ["/a/", "/a/b?c=1"])
        #expect(server.requests.last?.headers["authorization"] == "Bearer 12345678")
    }

    @Test func givesNoCredentialsToAnotherServer() throws {
        let other = try LoopbackServer { _ in .text(200, "there") }
        let server = try LoopbackServer { _ in .answer(307, headers: ["Location": other.url + "/x"]) }
        #expect(try makeQueue().send(HTTPRequest("GET", server.url, headers: secrets)).text == "there")
        let seen = try #require(other.requests.first).headers
        #expect(seen["authorization"] == nil)
        #expect(seen["cookie"] == nil)
        #expect(seen["x-goog-token"] == nil)
        #expect(seen["comet-api-key"] == nil)
        #expect(seen["x-harmless"] == "1")
    }

    @Test func endsInACircleAfterFive() throws {
        let server = try LoopbackServer { _ in .answer(301, headers: ["Location": "/again"]) }
        #expect(try makeQueue().send(HTTPRequest("GET", server.url)).status == 301)
        #expect(server.requests.count == 6)
    }

    @Test func leavesRedirectsOfWritesToThePlugin() throws {
        let server = try LoopbackServer { _ in .answer(302, headers: ["Location": "/x"]) }
        #expect(try makeQueue().send(HTTPRequest("POST", server.url)).status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func neverFollowsToAFile() throws {
        let server = try LoopbackServer { _ in .answer(302, headers: ["Location": "file:///etc/passwd"]) }
        #expect(try makeQueue().send(HTTPRequest("GET", server.url)).status == 302)
    }
}
