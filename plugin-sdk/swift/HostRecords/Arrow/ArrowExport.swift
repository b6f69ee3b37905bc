// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation

/// Hands a batch out through the C data interface without copying its buffers.
///
/// Lifetime: the array handed out, and each of its children (which a consumer may move away by the interface's
/// rules), holds a reference to the batch until it is released.
enum ArrowExport {
    static func export(_ batch: RecordBatch, schema: inout ArrowSchema, array: inout ArrowArray) {
        schema = copy(batch.schema, root: true)
        let source = batch.array
        let count = Int(source.n_children)
        var result = source
        let children = UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>.allocate(capacity: max(count, 1))
        for index in 0..<count {
            let child = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
            if let original = source.children?[index] { child.initialize(to: original.pointee) }
            child.pointee.private_data = Unmanaged.passRetained(batch).toOpaque()
            child.pointee.release = { array in
                guard let array, let owner = array.pointee.private_data else { return }
                Unmanaged<RecordBatch>.fromOpaque(owner).release()
                array.pointee.private_data = nil
                array.pointee.release = nil
            }
            children[index] = child
        }
        result.children = children
        result.private_data = Unmanaged.passRetained(batch).toOpaque()
        result.release = { array in
            guard let array, let owner = array.pointee.private_data else { return }
            for index in 0..<Int(array.pointee.n_children) {
                guard let child = array.pointee.children[index] else { continue }
                if let release = child.pointee.release { release(child) }
                child.deallocate()
            }
            array.pointee.children.deallocate()
            Unmanaged<RecordBatch>.fromOpaque(owner).release()
            array.pointee.private_data = nil
            array.pointee.release = nil
        }
        array = result
    }

    /// A deep copy that owns its texts and children: schemas are small.
    private static func copy(_ schema: ArrowSchema, root: Bool) -> ArrowSchema {
        var result = schema
        result.format = schema.format.map { UnsafePointer(strdup($0)) }
        result.name = schema.name.map { UnsafePointer(strdup($0)) }
        result.metadata = nil
        result.children = nil
        let count = Int(schema.n_children)
        if count > 0 {
            result.children = .allocate(capacity: count)
            for index in 0..<count {
                let child = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
                if let original = schema.children?[index] {
                    child.initialize(to: copy(original.pointee, root: false))
                }
                result.children[index] = child
            }
        }
        if let original = schema.dictionary {
            result.dictionary = .allocate(capacity: 1)
            result.dictionary.initialize(to: copy(original.pointee, root: false))
        }
        result.private_data = nil
        result.release = { releaseSchema($0) }
        return result
    }
}


private func releaseSchema(_ schema: UnsafeMutablePointer<ArrowSchema>?) {
    guard let schema, schema.pointee.release != nil else { return }
    free(UnsafeMutableRawPointer(mutating: schema.pointee.format))
    free(UnsafeMutableRawPointer(mutating: schema.pointee.name))
    if schema.pointee.n_children > 0, let children = schema.pointee.children {
        for index in 0..<Int(schema.pointee.n_children) {
            guard let child = children[index] else { continue }
            if let release = child.pointee.release { release(child) }
            child.deallocate()
        }
        children.deallocate()
    }
    if let dictionary = schema.pointee.dictionary {
        if let release = dictionary.pointee.release { release(dictionary) }
        dictionary.deallocate()
    }
    schema.pointee.release = nil
}
