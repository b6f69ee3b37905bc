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
        let file = try ScratchFile()
        _ = try file.append([1])
        // Only what this process has open: others may make scratch files of their own meanwhile.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        let scratch = open.filter { $0.contains("/host-plugin-") }
        #expect(!scratch.isEmpty && scratch.allSatisfy { $0.hasSuffix(" (deleted)") }, "\(scratch)")
        #expect(file.size == 1)
    }

    @Test func readingBehindTheEndIsAnError() throws {
        let file = try ScratchFile()
        var bytes: [UInt8] = []
        #expect(throws: HostError.self) { try file.read(0..<1, into: &bytes) }
    }
}
