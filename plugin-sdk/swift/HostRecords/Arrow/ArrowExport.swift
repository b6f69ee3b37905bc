// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation

/// Hands a batch out through the C data interface without copying its buffers.
///
/// Lifetime: every array handed out, the innermost too (a consumer may move any of them away by the interface's
/// rules), holds a reference to the batch until it is released. So the batch's own structs are never lent.
enum ArrowExport {
    /// Columns that the table does not know stay behind: nobody has checked them.
    static func export(_ batch: RecordBatch, schema: inout ArrowSchema, array: inout ArrowArray) {
        let columns = batch.positions.filter { $0 >= 0 }.sorted()
        schema = copy(batch.schema, children: columns)
        array = copy(batch.array, children: columns, owner: batch)
    }

    private static func copy(_ source: ArrowArray, children: [Int], owner: RecordBatch) -> ArrowArray {
        var result = source
        result.n_children = Int64(children.count)
        result.children = nil
        if !children.isEmpty {
            result.children = .allocate(capacity: children.count)
            for (position, index) in children.enumerated() {
                result.children[position] = source.children[index].map {
                    place(copy(inner: $0.pointee, owner))
                }
            }
        }
        result.dictionary = source.dictionary.map { place(copy(inner: $0.pointee, owner)) }
        result.private_data = Unmanaged.passRetained(owner).toOpaque()
        result.release = { releaseArray($0) }
        return result
    }

    private static func copy(inner source: ArrowArray, _ owner: RecordBatch) -> ArrowArray {
        copy(source, children: Array(0..<Int(source.n_children)), owner: owner)
    }

    /// A deep copy that owns its texts and children: schemas are small.
    private static func copy(_ source: ArrowSchema, children: [Int]) -> ArrowSchema {
        var result = source
        result.format = source.format.map { UnsafePointer(strdup($0)) }
        result.name = source.name.map { UnsafePointer(strdup($0)) }
        result.metadata = nil
        result.n_children = Int64(children.count)
        result.children = nil
        if !children.isEmpty {
            result.children = .allocate(capacity: children.count)
            for (position, index) in children.enumerated() {
                result.children[position] = source.children[index].map { place(copy(inner: $0.pointee)) }
            }
        }
        result.dictionary = source.dictionary.map { place(copy(inner: $0.pointee)) }
        result.private_data = nil
        result.release = { releaseSchema($0) }
        return result
    }

    private static func copy(inner source: ArrowSchema) -> ArrowSchema {
        copy(source, children: Array(0..<Int(source.n_children)))
    }

    private static func place<Struct>(_ value: Struct) -> UnsafeMutablePointer<Struct> {
        let pointer = UnsafeMutablePointer<Struct>.allocate(capacity: 1)
        pointer.initialize(to: value)
        return pointer
    }
}

private func releaseArray(_ array: UnsafeMutablePointer<ArrowArray>?) {
    guard let array, array.pointee.release != nil, let owner = array.pointee.private_data else { return }
    for index in 0..<Int(array.pointee.n_children) {
        guard let child = array.pointee.children[index] else { continue }
        // nil: the consumer moved it away.
        if let release = child.pointee.release { release(child) }
        child.deallocate()
    }
    array.pointee.children?.deallocate()
    if let dictionary = array.pointee.dictionary {
        if let release = dictionary.pointee.release { release(dictionary) }
        dictionary.deallocate()
    }
    array.pointee.private_data = nil
    array.pointee.release = nil
    Unmanaged<RecordBatch>.fromOpaque(owner).release()
}

private func releaseSchema(_ schema: UnsafeMutablePointer<ArrowSchema>?) {
    guard let schema, schema.pointee.release != nil else { return }
    free(UnsafeMutableRawPointer(mutating: schema.pointee.format))
    free(UnsafeMutableRawPointer(mutating: schema.pointee.name))
    for index in 0..<Int(schema.pointee.n_children) {
        guard let child = schema.pointee.children[index] else { continue }
        if let release = child.pointee.release { release(child) }
        child.deallocate()
    }
    schema.pointee.children?.deallocate()
    if let dictionary = schema.pointee.dictionary {
        if let release = dictionary.pointee.release { release(dictionary) }
        dictionary.deallocate()
    }
    schema.pointee.release = nil
}
