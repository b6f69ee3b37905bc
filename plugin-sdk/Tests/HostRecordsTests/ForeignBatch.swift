// SPDX-License-Identifier: Apache-2.0

import CHost
import Synchronization

/// How often the callbacks of one batch ran.
final class ReleaseCount: Sendable {
    let schemas = Atomic(0)
    let arrays = Atomic(0)
}

/// The memory of C structs made from a `ForeignNode`: freed once both roots were released, or were born so.
final class ForeignBatch {
    private var blocks: [UnsafeMutableRawPointer] = []
    private let count: ReleaseCount

    private init(_ count: ReleaseCount) { self.count = count }

    deinit { for block in blocks { block.deallocate() } }

    /// Structs whose release callbacks `count` counts; whoever gets them releases them.
    static func make(_ root: ForeignNode, _ count: ReleaseCount) -> (schema: ArrowSchema, array: ArrowArray) {
        let batch = ForeignBatch(count)
        var (schema, array) = batch.structs(root)
        if !root.isFieldReleased {
            schema.private_data = Unmanaged.passRetained(batch).toOpaque()
            schema.release = { schema in
                guard let schema, let owner = schema.pointee.private_data else { return }
                schema.pointee.release = nil
                let batch = Unmanaged<ForeignBatch>.fromOpaque(owner).takeRetainedValue()
                batch.count.schemas.add(1, ordering: .relaxed)
            }
        }
        if !root.isArrayReleased {
            array.private_data = Unmanaged.passRetained(batch).toOpaque()
            array.release = { array in
                guard let array, let owner = array.pointee.private_data else { return }
                array.pointee.release = nil
                let batch = Unmanaged<ForeignBatch>.fromOpaque(owner).takeRetainedValue()
                batch.count.arrays.add(1, ordering: .relaxed)
            }
        }
        return (schema, array)
    }

    private func place<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
        let size = MemoryLayout<Value>.stride * values.count
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        blocks.append(block)
        let pointer = block.bindMemory(to: Value.self, capacity: values.count)
        for (index, value) in values.enumerated() { (pointer + index).initialize(to: value) }
        return pointer
    }

    private func text(_ text: String?) -> UnsafePointer<CChar>? {
        text.map { UnsafePointer(place(Array($0.utf8CString))) }
    }

    private func buffer(_ bytes: [UInt8], shifted: Bool) -> UnsafeRawPointer {
        let raw = place(shifted ? [0] + bytes : bytes)
        return UnsafeRawPointer(raw) + (shifted ? 1 : 0)
    }

    private func structs(_ node: ForeignNode) -> (schema: ArrowSchema, array: ArrowArray) {
        var schema = ArrowSchema()
        var array = ArrowArray()
        schema.format = text(node.format)
        schema.name = text(node.name)
        schema.flags = Int64(ARROW_FLAG_NULLABLE)
        array.length = node.length
        array.null_count = node.nullCount
        array.offset = node.offset
        array.n_buffers = node.toldBuffers ?? Int64(node.buffers.count)
        if node.hasBufferList {
            array.buffers = place(
                node.buffers.enumerated().map { index, bytes in
                    bytes.map { buffer($0, shifted: node.misaligned == index) }
                })
        }
        let children = node.children.map { structs($0) }
        schema.n_children = node.toldFieldChildren ?? Int64(children.count)
        array.n_children = node.toldArrayChildren ?? Int64(children.count)
        schema.children = place(
            zip(node.children, children).map { $0.isFieldMissing ? nil : Optional(place([$1.schema])) })
        array.children = place(
            zip(node.children, children).map { $0.isArrayMissing ? nil : Optional(place([$1.array])) })
        for inner in node.dictionary {
            let dictionary = structs(inner)
            if !inner.isFieldMissing { schema.dictionary = place([dictionary.schema]) }
            if !inner.isArrayMissing { array.dictionary = place([dictionary.array]) }
        }
        schema.release = node.isFieldReleased ? nil : { $0?.pointee.release = nil }
        array.release = node.isArrayReleased ? nil : { $0?.pointee.release = nil }
        return (schema, array)
    }
}
