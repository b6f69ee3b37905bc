// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostPluginKit
import Testing

@Suite struct ScratchFileTests {
    @Test func givesBackWhatWasPutAside() throws {
        let file = try ScratchFile()
        let first = try file.append(Array("first".utf8))
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let second = try file.append(large)
        var bytes: [UInt8] = []
        try file.read(second, into: &bytes)
        try file.read(first, into: &bytes)
        #expect(bytes == large + Array("first".utf8))
        #expect(file.size == Int64(large.count + 5))
    }

    @Test func hasNoNameThatCouldBeLeftBehind() throws {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let file = try ScratchFile()
        _ = try file.append([1])
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!left.contains { $0.hasPrefix("host-plugin-") })
    }

    @Test func readingBehindTheEndIsAnError() throws {
        let file = try ScratchFile()
        var bytes: [UInt8] = []
        #expect(throws: HostError.self) { try file.read(0..<1, into: &bytes) }
    }
}
