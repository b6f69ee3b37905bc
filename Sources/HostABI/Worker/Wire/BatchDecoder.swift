// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
package import HostRecords

/// Makes a batch of a message, its buffers left where they were received.
///
/// The sender may be a plugin gone wild: sizes and places are checked here, all else where every batch is checked
/// (`RecordBatch`), so that nothing outside of the message is ever read.
package struct BatchDecoder {
    private let memory: BatchMemory
    private let body: BodyMemory

    /// A batch of the bytes of its message, for those that damage messages on purpose.
    package static func decode(head: [UInt8], body: [UInt8]) throws(HostError) -> RecordBatch {
        var reader = WireReader(head)
        return try decode(&reader, BodyMemory(copying: body))
    }

    static func decode(_ head: inout WireReader, _ body: BodyMemory) throws(HostError) -> RecordBatch {
        guard let table = Table(rawValue: try head.text()) else { throw WireReader.damaged }
        let rows = Int(try head.number(UInt32.self))
        let columns = Int(try head.number(UInt32.self))
        guard columns <= 256 else { throw WireReader.damaged }
        let decoder = BatchDecoder(memory: BatchMemory(body), body: body)
        var fields: [ArrowSchema] = []
        var arrays: [ArrowArray] = []
        for _ in 0..<columns {
            let (field, array, count) = try decoder.column(&head, depth: 0)
            guard count == rows else { throw WireReader.damaged }
            fields.append(field)
            arrays.append(array)
        }
        let memory = decoder.memory
        let schema = memory.own(memory.schema("+s", "", children: fields))
        let array = memory.own(memory.array(rows, buffers: [nil], children: arrays))
        return try RecordBatch(checking: schema, array, table: table)
    }

    private func column(
        _ head: inout WireReader, depth: Int
    ) throws(HostError) -> (ArrowSchema, ArrowArray, count: Int) {
        guard depth < 3 else { throw WireReader.damaged }
        let format = try head.text()
        let name = try head.text()
        let count = Int(try head.number(UInt32.self))
        let validity = try bits(&head, count)
        var children: [(ArrowSchema, ArrowArray)] = []
        var buffers: [UnsafeRawPointer?] = [validity]
        switch WireFormat(format) {
        case .bits: buffers.append(try bits(&head, count))
        case .fixed(let width): buffers.append(try bytes(&head, count * width))
        case .text(let isWide):
            let offsets = try bytes(&head, count == 0 ? 0 : (count + 1) * (isWide ? 8 : 4))
            buffers.append(offsets)
            buffers.append(try bytes(&head, end(offsets, count, isWide: isWide)))
        case .list:
            let offsets = try bytes(&head, count == 0 ? 0 : (count + 1) * 4)
            buffers.append(offsets)
            let (field, array, items) = try column(&head, depth: depth + 1)
            guard items == end(offsets, count, isWide: false) else { throw WireReader.damaged }
            children.append((field, array))
        case nil: throw WireReader.damaged
        }
        var schema = memory.schema(format, name, children: children.map(\.0))
        var array = memory.array(
            count, buffers: buffers, nulls: validity == nil ? 0 : -1, children: children.map(\.1))
        if try head.bool() {
            let (words, values, _) = try column(&head, depth: depth + 1)
            schema.dictionary = memory.place(words)
            array.dictionary = memory.place(values)
        }
        return (schema, array, count)
    }

    /// Where the values behind offsets end: their last one, which alone decides what is read, since they are
    /// checked to rise.
    private func end(_ offsets: UnsafeRawPointer?, _ count: Int, isWide: Bool) -> Int {
        guard let offsets, count > 0 else { return 0 }
        return isWide
            ? Int(offsets.load(fromByteOffset: count * 8, as: Int64.self))
            : Int(offsets.load(fromByteOffset: count * 4, as: Int32.self))
    }

    private func bits(_ head: inout WireReader, _ count: Int) throws(HostError) -> UnsafeRawPointer? {
        try head.bool() ? try bytes(&head, (count + 7) / 8) : nil
    }

    private func bytes(_ head: inout WireReader, _ size: Int) throws(HostError) -> UnsafeRawPointer? {
        let place = Int(clamping: try head.number(UInt64.self))
        let told = Int(clamping: try head.number(UInt64.self))
        guard told == size, place % BodyMemory.alignment == 0, place <= body.count, size <= body.count - place
        else { throw WireReader.damaged }
        return UnsafeRawPointer(body.start + place)
    }
}

/// The structs of a batch that came as a message, and the message itself.
///
/// Lifetime: held by the release callbacks of the root schema and the root array, freed with the second of the two.
private final class BatchMemory {
    private let body: BodyMemory
    private var blocks: [UnsafeMutableRawPointer] = []

    init(_ body: BodyMemory) { self.body = body }

    deinit {
        for block in blocks { block.deallocate() }
    }

    private func list<Element>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
        let block = UnsafeMutablePointer<Element>.allocate(capacity: max(values.count, 1))
        block.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(block))
        return block
    }

    func place<Struct>(_ value: Struct) -> UnsafeMutablePointer<Struct> { list([value]) }

    func schema(_ format: String, _ name: String, children: [ArrowSchema]) -> ArrowSchema {
        var result = ArrowSchema()
        result.format = UnsafePointer(list(Array(format.utf8CString)))
        result.name = UnsafePointer(list(Array(name.utf8CString)))
        result.flags = Int64(ARROW_FLAG_NULLABLE)
        result.n_children = Int64(children.count)
        if !children.isEmpty { result.children = list(children.map { Optional(place($0)) }) }
        result.release = { $0?.pointee.release = nil }
        return result
    }

    func array(
        _ count: Int, buffers: [UnsafeRawPointer?], nulls: Int = 0, children: [ArrowArray] = []
    ) -> ArrowArray {
        var result = ArrowArray()
        result.length = Int64(count)
        result.null_count = Int64(nulls)
        result.n_buffers = Int64(buffers.count)
        result.buffers = list(buffers)
        result.n_children = Int64(children.count)
        if !children.isEmpty { result.children = list(children.map { Optional(place($0)) }) }
        result.release = { $0?.pointee.release = nil }
        return result
    }

    func own(_ schema: ArrowSchema) -> ArrowSchema {
        var schema = schema
        schema.private_data = Unmanaged.passRetained(self).toOpaque()
        schema.release = { schema in
            guard let schema, let owner = schema.pointee.private_data else { return }
            schema.pointee.release = nil
            Unmanaged<BatchMemory>.fromOpaque(owner).release()
        }
        return schema
    }

    func own(_ array: ArrowArray) -> ArrowArray {
        var array = array
        array.private_data = Unmanaged.passRetained(self).toOpaque()
        array.release = { array in
            guard let array, let owner = array.pointee.private_data else { return }
            array.pointee.release = nil
            Unmanaged<BatchMemory>.fromOpaque(owner).release()
        }
        return array
    }
}
