// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostRecords

/// Memory that is lent to the plugin and made inaccessible once the lending is over: who looks at it later dies on
/// the spot, and the address tells which rule was broken.
///
/// Lifetime: readable until `revoke`; the addresses stay reserved long after it, so that no other memory stands there.
/// Thread rule: filled by one thread; `revoke` may come from any.
final class LentPages: @unchecked Sendable {
    enum Purpose: Int32 {
        /// Arguments of a call; see R-LIFE-3.
        case arguments = 1
        /// A batch that a loader was given; see R-LOADER-6.
        case batch = 2
    }

    private let purpose: Purpose
    private var chunks: [(start: UnsafeMutableRawPointer, size: Int)] = []
    private var used = 0
    private let lock = NSLock()
    private var isRevoked = false

    private static let chunkSize = 1 << 16

    init(_ purpose: Purpose) { self.purpose = purpose }

    /// Zeroed memory, aligned to 64 bytes as Arrow recommends, with eight spare bytes for readers of whole words.
    func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        let wanted = (max(size, 1) + 8 + 63) & ~63
        if let last = chunks.last, used + wanted <= last.size {
            defer { used += wanted }
            return last.start + used
        }
        let chunk = (max(wanted, Self.chunkSize) + 4095) & ~4095
        let start = mmap(nil, chunk, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { preconditionFailure("no memory for a test's arguments") }
        chunks.append((start, chunk))
        used = wanted
        return start
    }

    func place<Struct>(_ value: Struct) -> UnsafeMutablePointer<Struct> {
        let pointer = allocate(MemoryLayout<Struct>.size).bindMemory(to: Struct.self, capacity: 1)
        pointer.initialize(to: value)
        return pointer
    }

    func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer {
        let place = allocate(bytes.count)
        if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
        return place
    }

    func text(_ text: String?) -> host_text {
        guard let text, !text.isEmpty else { return host_text() }
        return bytesAsText(Array(text.utf8))
    }

    /// Any bytes as if they were text.
    func bytesAsText(_ bytes: [UInt8]) -> host_text {
        guard !bytes.isEmpty else { return host_text() }
        let place = bytes.withUnsafeBytes { copy($0) }
        return host_text(
            data: UnsafePointer(place.assumingMemoryBound(to: CChar.self)), size: Int64(bytes.count))
    }

    func bytes(_ bytes: [UInt8]) -> host_bytes {
        guard !bytes.isEmpty else { return host_bytes() }
        let place = bytes.withUnsafeBytes { copy($0) }
        return host_bytes(
            data: UnsafePointer(place.assumingMemoryBound(to: UInt8.self)), size: Int64(bytes.count))
    }

    func revoke() {
        lock.withLock {
            guard !isRevoked else { return }
            isRevoked = true
            for chunk in chunks {
                RevokedPages.add(chunk.start, chunk.size, purpose)
            }
        }
    }
}

/// The last pages that were taken back, for the signal handler and for the order in which addresses are given up.
///
/// Thread rule: `add` takes a lock; the handler only reads, and a torn entry costs it the better sentence.
enum RevokedPages {
    private struct Entry {
        var start: UInt
        var size: UInt
        var purpose: Int32
    }

    private static let capacity = 4096
    nonisolated(unsafe) private static let entries: UnsafeMutablePointer<Entry> = {
        let place = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        place.initialize(repeating: Entry(start: 0, size: 0, purpose: 0), count: capacity)
        return place
    }()
    nonisolated(unsafe) private static var count = 0
    private static let lock = NSLock()

    /// Makes what the handler reads before it may be needed.
    static func prepare() { _ = entries.pointee.start }

    static func add(_ start: UnsafeMutableRawPointer, _ size: Int, _ purpose: LentPages.Purpose) {
        lock.withLock {
            mprotect(start, size, PROT_NONE)
            madvise(start, size, MADV_DONTNEED)
            let slot = count % capacity
            let old = entries[slot]
            if old.size > 0 { munmap(UnsafeMutableRawPointer(bitPattern: old.start), Int(old.size)) }
            entries[slot] = Entry(start: UInt(bitPattern: start), size: UInt(size), purpose: purpose.rawValue)
            count += 1
        }
    }

    /// The purpose of the pages around an address, 0 when it is none of them. Safe in a signal handler.
    static func purpose(of address: UInt) -> Int32 {
        for index in 0..<min(count, capacity) {
            let entry = entries[index]
            if address >= entry.start, address < entry.start &+ entry.size { return entry.purpose }
        }
        return 0
    }
}
