// SPDX-License-Identifier: Apache-2.0

import CHost
import HostRecords

/// An Arrow array and its schema as plain values: copied from what a batch exports, changed by a test, and made
/// into C structs again. Every buffer gets memory of exactly its size, so that an address sanitizer sees each read
/// beyond it.
struct ForeignNode {
    var format: String?
    var name: String?
    var length: Int64 = 0
    var nullCount: Int64 = 0
    var offset: Int64 = 0
    var buffers: [[UInt8]?] = []
    var children: [ForeignNode] = []
    /// Empty, or one.
    var dictionary: [ForeignNode] = []

    // What the structs say instead of the truth.

    var toldBuffers: Int64?
    var hasBufferList = true
    var toldFieldChildren: Int64?
    var toldArrayChildren: Int64?
    /// The pointer to this node is null in its parent.
    var isFieldMissing = false
    var isArrayMissing = false
    var isFieldReleased = false
    var isArrayReleased = false
    /// A buffer that begins one byte beside an aligned address.
    var misaligned: Int?

    init() {}

    init(copying schema: ArrowSchema, _ array: ArrowArray) {
        format = schema.format.map { String(cString: $0) }
        name = schema.name.map { String(cString: $0) }
        length = array.length
        nullCount = array.null_count
        offset = array.offset
        buffers = Self.buffers(array, format ?? "")
        for index in 0..<Int(schema.n_children) {
            guard let field = schema.children[index], let child = array.children[index] else { continue }
            children.append(ForeignNode(copying: field.pointee, child.pointee))
        }
        if let field = schema.dictionary, let values = array.dictionary {
            dictionary = [ForeignNode(copying: field.pointee, values.pointee)]
        }
    }

    init(copying batch: RecordBatch) {
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.export(schema: &schema, array: &array)
        self.init(copying: schema, array)
        array.release(&array)
        schema.release(&schema)
    }

    private static func buffers(_ array: ArrowArray, _ format: String) -> [[UInt8]?] {
        let count = Int(array.length + array.offset)
        func copy(_ index: Int, _ size: Int) -> [UInt8]? {
            array.buffers[index].map { Array(UnsafeRawBufferPointer(start: $0, count: size)) }
        }
        let validity = copy(0, (count + 7) / 8)
        switch format {
        case "+s": return [validity]
        case "b": return [validity, copy(1, (count + 7) / 8)]
        case "i": return [validity, copy(1, count * 4)]
        case "+l": return [validity, copy(1, (count + 1) * 4)]
        case "u":
            let offsets = copy(1, (count + 1) * 4)
            return [validity, offsets, copy(2, offsets.map { Int($0.element(count, of: Int32.self)) } ?? 0)]
        case "U":
            let offsets = copy(1, (count + 1) * 8)
            return [validity, offsets, copy(2, offsets.map { Int($0.element(count, of: Int64.self)) } ?? 0)]
        default: return [validity, copy(1, count * 8)]
        }
    }
}

extension [UInt8] {
    func element<Value: BitwiseCopyable>(_ index: Int, of type: Value.Type) -> Value {
        withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: type) }
    }

    mutating func set<Value: BitwiseCopyable>(_ index: Int, _ value: Value) {
        withUnsafeMutableBytes {
            $0.storeBytes(of: value, toByteOffset: index * MemoryLayout<Value>.size, as: Value.self)
        }
    }

    static func of<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }

    func bit(_ index: Int) -> Bool { self[index >> 3] >> UInt8(index & 7) & 1 != 0 }

    mutating func setBit(_ index: Int, _ isSet: Bool) {
        let mask = UInt8(1) << UInt8(index & 7)
        if isSet { self[index >> 3] |= mask } else { self[index >> 3] &= ~mask }
    }
}
