// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import HostHTTP
import HostRecords
import LoopbackServer
import Testing

@Suite struct UploadTests {
    private static let size: Int64 = 200 << 20

    @Test func sendsABigFileInLittleMemoryAndRewindsWhenItBreaks() throws {
        let folder = try ScratchFolder()
        let source = try FileBodySource(fd: sparseFile(in: folder, ending: "the end"))
        let server = try LoopbackServer(breaksBodyAfter: { $0.connection == 0 ? 30 << 20 : nil }) { _ in
            .answer(200)
        }
        let before = try peakMemory(resettingPeak: true)
        let answer = try makeQueue().send(
            HTTPRequest("PUT", server.url, body: .source(source), isIdempotent: true))
        #expect(answer.tries == 2)
        let seen = try #require(server.requests.first)
        #expect(seen.bodyBytes == Int(Self.size))
        #expect(String(decoding: seen.body.prefix(9), as: UTF8.self) == "the start")
        #expect(String(decoding: seen.bodyEnd.suffix(7), as: UTF8.self) == "the end")
        let growth = try peakMemory(resettingPeak: false) - before
        print("200 MB upload: peak memory grew by \(growth >> 20) MB")
        #expect(growth < 40 << 20)
    }

    @Test func sendsOnlyTheAskedPart() throws {
        let folder = try ScratchFolder()
        let source = try FileBodySource(fd: sparseFile(in: folder, ending: "the end"))
        let server = try LoopbackServer { _ in .answer(200) }
        let queue = try makeQueue()
        _ = try queue.send(HTTPRequest("PUT", server.url, body: .source(source, offset: 4, length: 5)))
        _ = try queue.send(HTTPRequest("PUT", server.url, body: .source(source, offset: Self.size - 3)))
        _ = try queue.send(HTTPRequest("PUT", server.url, body: .source(source, offset: Self.size)))
        #expect(server.requests.map(\.text) == ["start", "end", ""])
        #expect(server.requests.map { $0.headers["content-length"] } == ["5", "3", "0"])
    }

    @Test func refusesAPartOutsideTheFile() throws {
        let folder = try ScratchFolder()
        let source = try FileBodySource(fd: sparseFile(in: folder, ending: ""))
        let queue = try makeQueue()
        for (offset, length) in [(-1, nil), (Self.size + 1, nil), (0, Self.size + 1), (5, -1)]
            as [(Int64, Int64?)]
        {
            let error = failure { () throws(HostError) in
                try queue.send(
                    HTTPRequest(
                        "PUT", "http://127.0.0.1:1/", body: .source(source, offset: offset, length: length)))
            }
            #expect(error?.status == .invalidData)
        }
    }

    @Test func reportsAFileThatShrinks() throws {
        struct Shrinking: HTTPBodySource {
            var size: Int64 { 1000 }
            func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
                offset < 400 ? min(buffer.count, 400 - Int(offset)) : 0
            }
        }
        let server = try LoopbackServer { _ in .answer(200) }
        let queue = try makeQueue()
        let error = failure { () throws(HostError) in
            try queue.send(HTTPRequest("PUT", server.url, body: .source(Shrinking()), isIdempotent: true))
        }
        #expect(error?.status == .io)
        #expect(error?.message.contains("400 of 1000 bytes") == true)
    }

    @Test func refusesAFolderAsBody() {
        let descriptor = open("/", O_RDONLY)
        #expect(throws: HostError.self) { try FileBodySource(fd: descriptor) }
        #expect(throws: HostError.self) { try FileBodySource(fd: -1) }
    }

    private func sparseFile(in folder: ScratchFolder, ending: String) throws -> Int32 {
        let descriptor = open("\(folder.path)/big", O_RDWR | O_CREAT, 0o600)
        try #require(descriptor >= 0 && ftruncate(descriptor, off_t(Self.size)) == 0)
        _ = pwrite(descriptor, "the start", 9, 0)
        _ = pwrite(descriptor, ending, ending.utf8.count, off_t(Self.size) - off_t(ending.utf8.count))
        return descriptor
    }

    /// Bytes, from the kernel's high-water mark of this process.
    private func peakMemory(resettingPeak: Bool) throws -> Int {
        // "5" resets the mark: see proc(5), clear_refs.
        if resettingPeak {
            try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(line.split { !$0.isNumber }.first.flatMap { Int($0) }) << 10
    }
}
