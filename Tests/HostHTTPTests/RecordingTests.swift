// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct RecordingTests {
    private static let requests = [
        HTTPRequest("GET", "/runs?token=s3cret-token", headers: [("Authorization", "Bearer s3cret-token")]),
        HTTPRequest("POST", "/page", body: .bytes(Array(#"{"apiKey": "other-secret", "page": 1}"#.utf8))),
        HTTPRequest("POST", "/page", body: .bytes(Array(#"{"apiKey": "other-secret", "page": 2}"#.utf8))),
        HTTPRequest("GET", "/image?signature=abc", hidesQuery: true),
        HTTPRequest("GET", "/runs?token=s3cret-token"),
    ]

    @Test func replaysWhatItRecordedWithoutServerAndSecrets() throws {
        let folder = try ScratchFolder()
        let server = try LoopbackServer(script: [
            .text(
                200, #"{"access_token":"jwt-of-mine","next_page_token":"p2"}"#,
                headers: ["Set-Cookie": "id=1"]),
            .text(503, "busy"), .text(200, "page one"), .text(200, "page two"),
            .answer(200, body: [0xFF, 0x00, 0x80]), .text(404, "gone"),
        ])
        let recorded = try send(to: server.url, secret: "s3cret-token") { $0.recordFolder = folder.path }
        server.stop()

        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files.first == "000001-GET.json")
        #expect(files.count == 5)
        let text = try files.map { try String(contentsOfFile: "\(folder.path)/\($0)", encoding: .utf8) }
            .joined()
        for secret in ["s3cret-token", "other-secret", "jwt-of-mine", "signature=abc", "id=1"] {
            #expect(!text.contains(secret), "\(secret)")
        }
        #expect(text.contains("p2"))

        let replayed = try send(to: server.url, secret: "s3cret-token") { $0.replayFolder = folder.path }
        #expect(replayed.map(\.status) == recorded.map(\.status))
        #expect(replayed.dropFirst().map(\.body) == recorded.dropFirst().map(\.body))
        #expect(recorded.map(\.status) == [200, 200, 200, 200, 404])
        #expect(replayed[3].body == [0xFF, 0x00, 0x80])
    }

    @Test func refusesWhatIsNotInTheRecording() throws {
        let folder = try ScratchFolder()
        let server = try LoopbackServer { _ in .text(200, "x") }
        _ = try makeQueue { $0.recordFolder = folder.path }.send(HTTPRequest("GET", server.url + "/a"))
        let replay = try makeQueue { $0.replayFolder = folder.path }
        #expect(try replay.send(HTTPRequest("GET", server.url + "/a")).text == "x")
        let spent = failure { () throws(HostError) in try replay.send(HTTPRequest("GET", server.url + "/a")) }
        #expect(spent?.message == "The recording has no further answer to this request.")
        let unknown = failure { () throws(HostError) in try replay.send(HTTPRequest("GET", server.url + "/b"))
        }
        #expect(unknown?.message == "The recording does not know this request.")
        #expect(unknown?.subject == "GET 127.0.0.1:\(server.port)/b")
        #expect(server.requests.count == 1)
    }

    @Test func goesOnBehindAnOlderRecording() throws {
        let folder = try ScratchFolder()
        let server = try LoopbackServer { _ in .text(200, "x") }
        for _ in 0..<2 {
            _ = try makeQueue { $0.recordFolder = folder.path }.send(HTTPRequest("PUT", server.url))
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["000001-PUT.json", "000002-PUT.json"])
    }

    @Test func refusesAFolderThatIsNone() throws {
        #expect(throws: HostError.self) {
            try HTTPService(quickSettings { $0.replayFolder = "/no/such/folder" })
        }
        #expect(throws: HostError.self) { try HTTPService(quickSettings { $0.recordFolder = "/dev/null/x" }) }
    }

    /// Vectors of FIPS 180-4 and RFC 6234.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "a", 1_000_000,
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func hashesAsTheStandardSays(text: String, times: Int, digest: String) {
        let hash = SHA256()
        for _ in 0..<times { hash.update(Array(text.utf8)) }
        #expect(hash.finish() == digest)
    }

    private func send(
        to server: String, secret: String, _ change: (inout HTTPSettings) -> Void
    ) throws -> [HTTPAnswer] {
        let queue = try makeQueue { settings in
            settings.redactor.protect(secret)
            change(&settings)
        }
        return try Self.requests.map { request in
            var request = request
            request.url = server + request.url
            return try queue.send(request)
        }
    }
}
