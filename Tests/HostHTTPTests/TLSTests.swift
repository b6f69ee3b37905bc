// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import HostHTTP
import HostRecords
import LoopbackServer
import Testing

/// Against `openssl s_server` with a certificate that nobody has signed but itself.
@Suite struct TLSTests {
    @Test func trustsOnlyWhatItWasToldTo() throws {
        let folder = try ScratchFolder()
        let server = try OpenSSLServer(folder: folder.path)
        let url = "https://localhost:\(server.port)/"

        let error = try refusal({ _ in }, of: url)
        #expect(error?.retryClass == .stop)
        #expect(error?.message.hasPrefix("No secure connection") == true)
        #expect(error?.remedy.contains("PEM") == true)

        let answer = try makeQueue { $0.caFile = server.certificateFile }.send(HTTPRequest("GET", url))
        #expect(answer.status == 200)

        // The name in the certificate is checked too.
        let otherName = try refusal(
            { $0.caFile = server.certificateFile }, of: "https://127.0.0.1:\(server.port)/")
        #expect(otherName?.retryClass == .stop)

        #expect(try makeQueue { $0.insecureTLS = true }.send(HTTPRequest("GET", url)).status == 200)
    }

    @Test func namesACertificateFileThatIsMissing() {
        let error = #expect(throws: HostError.self) {
            try HTTPService(quickSettings { $0.caFile = "/no/ca.pem" })
        }
        #expect(error?.subject == "/no/ca.pem")
    }

    private func refusal(_ change: (inout HTTPSettings) -> Void, of url: String) throws -> HostError? {
        let queue = try makeQueue(change)
        return failure { () throws(HostError) in try queue.send(HTTPRequest("GET", url)) }
    }
}

private final class OpenSSLServer {
    let port: UInt16
    let certificateFile: String
    private let process: Process

    init(folder: String) throws {
        certificateFile = "\(folder)/certificate.pem"
        let keyFile = "\(folder)/key.pem"
        let making = try Self.start([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost", "-keyout", keyFile, "-out", certificateFile,
        ])
        making.waitUntilExit()
        try #require(making.terminationStatus == 0)
        // Its port was free a moment ago.
        let placeholder = try LoopbackServer { _ in .answer(200) }
        port = placeholder.port
        placeholder.stop()
        // Until it listens, connections are refused, and a refused connection is tried again.
        process = try Self.start(
            ["s_server", "-accept", "127.0.0.1:\(port)", "-www", "-cert", certificateFile, "-key", keyFile])
    }

    deinit {
        // Not `terminate`: a child inherits the signal mask of the thread that starts it, and the threads of
        // a pool block SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
