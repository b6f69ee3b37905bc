// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import HostPluginKit

/// A ZIP file being written: entries one after the other, each stored or deflated, of any size.
///
/// Layout by PKWARE's APPNOTE 6.3: sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (its
/// end), 4.5.3 (sizes above 4 GiB).
final class ZipFile {
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    private struct Entry {
        let name: String
        let method: Method
        let start: Int64
        var checksum: UInt32 = 0
        var size: Int64 = 0
        var packed: Int64 = 0
    }

    private let file: OutputFile
    private var entries: [Entry] = []
    private var deflate: Deflate?

    init(_ file: OutputFile) { self.file = file }

    /// Sizes and checksum are put in by `end`.
    func begin(_ name: String, _ method: Method) throws(HostError) {
        let entry = Entry(name: name, method: method, start: file.size)
        deflate = method == .deflated ? try Deflate(.raw) : nil
        entries.append(entry)
        try file.append(Self.localHeader(entry))
    }

    func add(_ bytes: [UInt8]) throws(HostError) {
        guard !bytes.isEmpty, var entry = entries.last else { return }
        entry.checksum = UInt32(
            truncatingIfNeeded: crc32(CUnsignedLong(entry.checksum), bytes, UInt32(bytes.count)))
        entry.size += Int64(bytes.count)
        entries[entries.count - 1] = entry
        try file.append(try deflate?.add(bytes, isLast: false) ?? bytes)
    }

    func end() throws(HostError) {
        guard var entry = entries.last else { return }
        if let deflate { try file.append(try deflate.add([], isLast: true)) }
        deflate = nil
        entry.packed = file.size - entry.start - Int64(Self.localHeader(entry).count)
        entries[entries.count - 1] = entry
        try file.patch(Self.localHeader(entry), at: entry.start)
    }

    /// Writes the directory. `comment`: what a reader of ZIP files shows, at most 65,535 bytes.
    func finish(comment: [UInt8]) throws(HostError) {
        let start = file.size
        for entry in entries { try file.append(Self.directoryEntry(entry)) }
        let size = file.size - start
        let end = file.size
        var bytes: [UInt8] = []
        bytes.append(UInt32(0x0606_4b50))
        bytes.append(UInt64(44))
        bytes.append(UInt16(45))
        bytes.append(UInt16(45))
        bytes.append(UInt64(0))
        bytes.append(UInt64(entries.count))
        bytes.append(UInt64(entries.count))
        bytes.append(UInt64(size))
        bytes.append(UInt64(start))
        bytes.append(UInt32(0x0706_4b50))
        bytes.append(UInt32(0))
        bytes.append(UInt64(end))
        bytes.append(UInt32(1))
        bytes.append(UInt32(0x0605_4b50))
        bytes.append(UInt32(0))
        bytes.append(UInt16(clamping: entries.count))
        bytes.append(UInt16(clamping: entries.count))
        bytes.append(UInt32(clamping: size))
        bytes.append(UInt32(clamping: start))
        bytes.append(UInt16(comment.count))
        try file.append(bytes + comment)
    }

    /// Always with the wide sizes, since an entry's own are known only at its end.
    private static func localHeader(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt32(0x0403_4b50))
        bytes.append(common(entry))
        bytes.append(UInt32.max)
        bytes.append(UInt32.max)
        bytes.append(UInt16(entry.name.utf8.count))
        bytes.append(UInt16(20))
        bytes += Array(entry.name.utf8)
        bytes.append(wide([entry.size, entry.packed]))
        return bytes
    }

    private static func directoryEntry(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt32(0x0201_4b50))
        bytes.append(UInt16(45))
        bytes.append(common(entry))
        bytes.append(UInt32.max)
        bytes.append(UInt32.max)
        bytes.append(UInt16(entry.name.utf8.count))
        bytes.append(UInt16(28))
        // Comment, disk and internal attributes; then external ones.
        bytes.append([UInt8](repeating: 0, count: 10))
        bytes.append(UInt32.max)
        bytes += Array(entry.name.utf8)
        bytes.append(wide([entry.size, entry.packed, entry.start]))
        return bytes
    }

    /// What both headers share: version 4.5, names in UTF-8, the first day that ZIP files know.
    private static func common(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt16(45))
        bytes.append(UInt16(1 << 11))
        bytes.append(entry.method.rawValue)
        bytes.append(UInt16(0))
        bytes.append(UInt16(1 << 5 | 1))
        bytes.append(entry.checksum)
        return bytes
    }

    private static func wide(_ numbers: [Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt16(1))
        bytes.append(UInt16(numbers.count * 8))
        for number in numbers { bytes.append(UInt64(number)) }
        return bytes
    }
}

extension [UInt8] {
    /// Little-endian, as all of a ZIP file.
    fileprivate mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
        var rest = number
        for _ in 0..<(number.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest = rest >> 8
        }
    }

    fileprivate mutating func append(_ bytes: [UInt8]) { append(contentsOf: bytes) }
}
