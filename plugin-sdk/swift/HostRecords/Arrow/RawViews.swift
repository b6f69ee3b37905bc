// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// One array with the schema that belongs to it. Borrowed: valid as long as the structs it was made of.
struct ArrowNode {
    let field: ArrowSchema
    let values: ArrowArray
    let format: String

    init(_ field: ArrowSchema, _ values: ArrowArray) {
        self.field = field
        self.values = values
        format = field.format.map { String(cString: $0) } ?? ""
    }

    /// nil when every value is there.
    var bitmap: Bitmap? {
        guard values.n_buffers > 0, let bits = values.buffers?[0] else { return nil }
        return Bitmap(bits, offset: Int(values.offset))
    }

    /// Nulls among some values.
    func unset(in range: Range<Int>) -> Int {
        values.null_count == 0 ? 0 : bitmap?.unset(in: range) ?? 0
    }
}

/// Fixed-width values that are being checked. Borrowed like `ArrowNode`.
struct ArrowColumn<Value: BitwiseCopyable> {
    private let values: UnsafePointer<Value>?
    private let validity: Bitmap?

    init(_ array: ArrowArray) {
        values = array.buffers?[1].map { $0.assumingMemoryBound(to: Value.self) + Int(array.offset) }
        validity = array.null_count == 0 ? nil : array.buffers?[0].map { Bitmap($0, offset: Int(array.offset)) }
    }

    subscript(row: Int) -> Value? {
        guard let values, validity?[row] != false else { return nil }
        return values[row]
    }
}

/// Bits of an Arrow bitmap, least significant first. Valid as long as the batch that owns it.
@usableFromInline
struct Bitmap {
    @usableFromInline let bytes: UnsafePointer<UInt8>
    @usableFromInline let offset: Int

    init(_ raw: UnsafeRawPointer, offset: Int) {
        bytes = raw.assumingMemoryBound(to: UInt8.self)
        self.offset = offset
    }

    @inlinable
    subscript(row: Int) -> Bool {
        let bit = row &+ offset
        return bytes[bit &>> 3] &>> UInt8(truncatingIfNeeded: bit & 7) & 1 != 0
    }

    /// Bits of `range` that are not set, counted a byte at a time.
    func unset(in range: Range<Int>) -> Int {
        var bit = range.lowerBound + offset
        let end = range.upperBound + offset
        var set = 0
        while bit < end {
            let width = min(8 - bit & 7, end - bit)
            let mask = UInt8(truncatingIfNeeded: (1 << width - 1) << (bit & 7))
            set += (bytes[bit >> 3] & mask).nonzeroBitCount
            bit += width
        }
        return range.count - set
    }
}

/// Offsets of a text array, 32 or 64 bits wide. Valid as long as the batch that owns it.
struct TextOffsets {
    private let narrow: UnsafePointer<Int32>
    private let wide: UnsafePointer<Int64>?

    init(_ raw: UnsafeRawPointer, wide isWide: Bool) {
        narrow = raw.assumingMemoryBound(to: Int32.self)
        wide = isWide ? raw.assumingMemoryBound(to: Int64.self) : nil
    }

    @inline(__always)
    subscript(index: Int) -> Int {
        wide.map { Int($0[index]) } ?? Int(narrow[index])
    }
}

/// Whether every one of the texts is UTF-8 for itself: the bytes as a whole are, and no boundary cuts a character.
func utf8IsValid(_ bytes: UnsafeRawBufferPointer, boundaries: TextOffsets, first: Int, rows: Int) -> Bool {
    let units = bytes.bindMemory(to: UInt8.self)
    if isASCII(units) { return true }
    guard validate(units) else { return false }
    let base = boundaries[first]
    for row in 1..<max(rows, 1) {
        let position = boundaries[first + row] - base
        if position < units.count, units[position] & 0xC0 == 0x80 { return false }
    }
    return true
}

private func isASCII(_ units: UnsafeBufferPointer<UInt8>) -> Bool {
    let words = UnsafeRawBufferPointer(units)
    var index = 0
    while index + 8 <= units.count {
        if words.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
        index += 8
    }
    while index < units.count {
        if units[index] & 0x80 != 0 { return false }
        index += 1
    }
    return true
}

private func validate(_ units: UnsafeBufferPointer<UInt8>) -> Bool {
    String(validating: units, as: UTF8.self) != nil
}
