// SPDX-License-Identifier: Apache-2.0

internal import CHost
package import HostRecords

/// Writes a checked batch into a message: the shape of each column into the head, its buffers into the body.
///
/// What is sent begins at row 0 whatever part of a larger array the batch is. Buffers lie in the batch's own memory,
/// so the batch has to live until the message is sent.
package struct BatchEncoder {
    private(set) var head: WireWriter
    private(set) var body = BodySegments()

    /// The bytes of a batch's message.
    package static func bytes(_ batch: RecordBatch) -> (head: [UInt8], body: [UInt8]) {
        let message = BatchEncoder(batch, after: WireWriter())
        return (message.head.bytes, message.body.pieces.flatMap { Array($0) })
    }

    /// - Parameter head: what the message begins with.
    init(_ batch: RecordBatch, after head: WireWriter) {
        self.head = head
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.export(schema: &schema, array: &array)
        // These copies only lead the way: the buffers belong to `batch`, which the caller holds.
        defer {
            array.release?(&array)
            schema.release?(&schema)
        }
        self.head.put(batch.table.rawValue)
        self.head.put(UInt32(batch.count))
        self.head.put(UInt32(array.n_children))
        for index in 0..<Int(array.n_children) {
            guard let field = schema.children[index], let column = array.children[index] else { continue }
            add(field.pointee, column.pointee, first: 0, count: batch.count)
        }
    }

    /// `count` values from `first`, which counts from the array's own offset.
    private mutating func add(_ field: ArrowSchema, _ array: ArrowArray, first: Int, count: Int) {
        let format = field.format.map { String(cString: $0) } ?? ""
        let start = Int(array.offset) + first
        head.put(format)
        head.put(field.name.map { String(cString: $0) } ?? "")
        head.put(UInt32(count))
        addBits(array.null_count == 0 ? nil : array.buffers[0], start, count)
        switch WireFormat(format) {
        case .bits: addBits(array.buffers[1], start, count)
        case .fixed(let width): addBytes(array.buffers[1], from: start * width, count * width)
        case .text(let isWide):
            let range = addOffsets(array.buffers[1], start, count, isWide: isWide)
            addBytes(array.buffers[2], from: range.lowerBound, range.count)
        case .list:
            let range = addOffsets(array.buffers[1], start, count, isWide: false)
            if let item = field.children[0], let values = array.children[0] {
                add(item.pointee, values.pointee, first: range.lowerBound, count: range.count)
            }
        case nil: break
        }
        let encoded = array.dictionary
        head.put(encoded != nil)
        if let encoded, let words = field.dictionary {
            add(words.pointee, encoded.pointee, first: 0, count: Int(encoded.pointee.length))
        }
    }

    private mutating func place(_ size: Int, at place: Int) {
        head.put(UInt64(place))
        head.put(UInt64(size))
    }

    private mutating func addBytes(_ buffer: UnsafeRawPointer?, from offset: Int, _ size: Int) {
        guard let buffer, size > 0 else { return place(0, at: 0) }
        place(size, at: body.add(UnsafeRawBufferPointer(start: buffer + offset, count: size)))
    }

    /// A bitmap; none at all is told as such.
    private mutating func addBits(_ buffer: UnsafeRawPointer?, _ start: Int, _ count: Int) {
        head.put(buffer != nil)
        guard let buffer else { return }
        let size = (count + 7) / 8
        guard start % 8 != 0, size > 0 else { return addBytes(buffer, from: start / 8, size) }
        let shifted = BodyMemory(count: size)
        let bits = shifted.start.bindMemory(to: UInt8.self, capacity: size)
        let source = buffer.assumingMemoryBound(to: UInt8.self)
        for byte in 0..<size { bits[byte] = 0 }
        for row in 0..<count {
            let bit = start + row
            bits[row >> 3] |= (source[bit >> 3] >> UInt8(bit & 7) & 1) << UInt8(row & 7)
        }
        place(size, at: body.add(shifted))
    }

    /// Offsets that begin at 0. The answer is the range of the values that they speak of.
    private mutating func addOffsets(
        _ buffer: UnsafeRawPointer?, _ start: Int, _ count: Int, isWide: Bool
    ) -> Range<Int> {
        guard let buffer, count > 0 else {
            place(0, at: 0)
            return 0..<0
        }
        return isWide
            ? addOffsets(buffer.assumingMemoryBound(to: Int64.self) + start, count)
            : addOffsets(buffer.assumingMemoryBound(to: Int32.self) + start, count)
    }

    private mutating func addOffsets<Offset: FixedWidthInteger>(
        _ offsets: UnsafePointer<Offset>, _ count: Int
    ) -> Range<Int> {
        let base = offsets[0]
        let size = (count + 1) * MemoryLayout<Offset>.size
        if base == 0 {
            addBytes(UnsafeRawPointer(offsets), from: 0, size)
        } else {
            let moved = BodyMemory(count: size)
            let target = moved.start.bindMemory(to: Offset.self, capacity: count + 1)
            for index in 0...count { target[index] = offsets[index] - base }
            place(size, at: body.add(moved))
        }
        return Int(base)..<Int(offsets[count])
    }
}

/// How the values of an Arrow format lie in memory; only those that `tables.h` allows.
enum WireFormat {
    case bits
    case fixed(Int)
    case text(isWide: Bool)
    case list

    init?(_ format: String) {
        switch format {
        case "b": self = .bits
        case "i": self = .fixed(4)
        case "l", "g", "tsm:UTC", "tsu:UTC": self = .fixed(8)
        case "u", "z": self = .text(isWide: false)
        case "U": self = .text(isWide: true)
        case "+l": self = .list
        default: return nil
        }
    }
}
