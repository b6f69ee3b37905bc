// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Records that become one file for each name, put aside on disk until the file can be sent whole.
struct TextSpool {
    struct Format {
        let table: Table
        let fileName: String
        let fileEnding: String
        let head: String
        let tail: String
        /// Bytes between two records, left off behind the last.
        let separator: Int

        /// `series.txt`, `series.2.txt`, …
        func fileName(part: Int) -> String {
            part == 1 ? "\(fileName).\(fileEnding)" : "\(fileName).\(part).\(fileEnding)"
        }
    }

    /// A longer file is split, since a request's body is held in memory.
    private static let maxPart: Int64 = 16 << 20

    let format: Format
    private var file: ScratchFile?
    private var segments: [String: [Range<Int64>]] = [:]
    /// Names with records that are not sent yet, in the order of their coming.
    private(set) var unsent: [String] = []
    private var isUnsent: Set<String> = []
    /// The lowest batch of which records are not sent yet.
    private(set) var lowest: UInt64?

    init(_ format: Format) { self.format = format }

    /// `bytes`: whole records, each with its separator behind it.
    mutating func add(_ bytes: [UInt8], _ name: String, _ sequence: UInt64) throws(HostError) {
        let file = try opened()
        segments[name, default: []].append(try file.append(bytes))
        if isUnsent.insert(name).inserted { unsent.append(name) }
        if lowest == nil { lowest = sequence }
    }

    private mutating func opened() throws(HostError) -> ScratchFile {
        if let file { return file }
        let made = try ScratchFile()
        file = made
        return made
    }

    mutating func isSent() {
        unsent = []
        isUnsent = []
        lowest = nil
    }

    /// The records of a name in files of bounded size.
    func parts(_ name: String) -> [[Range<Int64>]] {
        var parts: [[Range<Int64>]] = []
        var size: Int64 = 0
        for segment in segments[name] ?? [] {
            let length = segment.upperBound - segment.lowerBound
            if parts.isEmpty || size + length > Self.maxPart {
                parts.append([])
                size = 0
            }
            parts[parts.count - 1].append(segment)
            size += length
        }
        return parts
    }

    func body(_ part: [Range<Int64>]) throws(HostError) -> [UInt8] {
        var bytes = Array(format.head.utf8)
        bytes.reserveCapacity(part.reduce(64) { $0 + Int($1.upperBound - $1.lowerBound) })
        for segment in part { try file?.read(segment, into: &bytes) }
        bytes.removeLast(format.separator)
        bytes.append(contentsOf: format.tail.utf8)
        return bytes
    }
}

extension TextSpool.Format {
    static let series = Self(
        table: .series, fileName: "series", fileEnding: "txt", head: "", tail: "", separator: 1)
    static let histograms = Self(
        table: .histograms, fileName: "histograms", fileEnding: "json", head: "{\"histograms\": [\n",
        tail: "\n]}\n",
        separator: 2)
}
