// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// Where the arguments and results of one call lie.
///
/// Lifetime: what it hands out is valid as long as the object. Thread rule: one thread.
protocol ActionMemory: AnyObject {
    /// A copy that the function may read.
    func place(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer
    /// Room for one result.
    func result(size: Int) -> UnsafeMutableRawPointer
}

extension ActionMemory {
    /// Not NULL, also for an empty text: NULL is one that was not given.
    func text(_ text: String) -> host_text {
        var text = text
        return text.withUTF8 { utf8 in
            let place = place(UnsafeRawBufferPointer(utf8))
            return host_text(data: place.assumingMemoryBound(to: CChar.self), size: Int64(utf8.count))
        }
    }

    func list(_ texts: [String]) -> UnsafeRawPointer? {
        guard !texts.isEmpty else { return nil }
        return texts.map { text($0) }.withUnsafeBytes { place($0) }
    }
}

/// Ordinary memory; results begin as zeros.
final class PlainMemory: ActionMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    func place(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
        let block = result(size: bytes.count)
        block.copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(block), byteCount: bytes.count)
        return UnsafeRawPointer(block)
    }

    func result(size: Int) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(size, 16), alignment: 16)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: max(size, 16))
        blocks.append(block)
        return block
    }
}
