// SPDX-License-Identifier: Apache-2.0

/// The bulk of a message as it was received: one aligned block, so that Arrow buffers inside can be read in place.
///
/// Lifetime: freed with the last reference. Thread rule: filled before it is shared, then never changed.
final class BodyMemory: @unchecked Sendable {
    let count: Int
    let start: UnsafeMutableRawPointer

    /// Arrow recommends this alignment; segments of a body begin at multiples of it.
    static let alignment = 64

    init(count: Int) {
        self.count = count
        start = .allocate(byteCount: max(count, 1), alignment: Self.alignment)
    }

    deinit { start.deallocate() }

    convenience init(copying bytes: [UInt8]) {
        self.init(count: bytes.count)
        bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
    }

    var buffer: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: start, count: count) }

    var array: [UInt8] { Array(UnsafeRawBufferPointer(start: start, count: count)) }
}

/// The bulk of a message to be sent: pieces that lie where they are.
struct BodySegments {
    private(set) var pieces: [UnsafeRawBufferPointer] = []
    private(set) var count = 0
    /// Keeps what was made for the message alone until it is sent.
    private var kept: [BodyMemory] = []

    /// Written once, here.
    nonisolated(unsafe) private static let zeros: UnsafeRawBufferPointer = {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: BodyMemory.alignment, alignment: 8)
        block.initializeMemory(as: UInt8.self, repeating: 0)
        return UnsafeRawBufferPointer(block)
    }()

    /// Adds bytes that stay valid until the message is sent. Answers where in the body they begin.
    mutating func add(_ bytes: UnsafeRawBufferPointer) -> Int {
        let place = count
        let padding = (BodyMemory.alignment - bytes.count % BodyMemory.alignment) % BodyMemory.alignment
        if !bytes.isEmpty { pieces.append(bytes) }
        if padding > 0 { pieces.append(UnsafeRawBufferPointer(rebasing: Self.zeros[..<padding])) }
        count += bytes.count + padding
        return place
    }

    mutating func add(_ memory: BodyMemory) -> Int {
        kept.append(memory)
        return add(UnsafeRawBufferPointer(start: memory.start, count: memory.count))
    }
}
