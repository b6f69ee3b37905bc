// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// The memory behind one batch that Swift code made: buffers, child structs and names in one place.
///
/// Lifetime: held by the root array's and the root schema's release callbacks; freed with the second of the two.
/// Thread rule: filled by one thread, then never changed.
final class ArrowMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    private func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        // Arrow recommends 64-byte alignment; eight spare bytes keep word-wise readers inside.
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1) + 8, alignment: 64)
        blocks.append(block)
        return block
    }

    private func copy<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeRawPointer {
        let block = allocate(values.count * MemoryLayout<Element>.stride)
        values.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { block.copyMemory(from: start, byteCount: bytes.count) }
        }
        return UnsafeRawPointer(block)
    }

    private func text(_ string: String) -> UnsafePointer<CChar> {
        UnsafeRawPointer(copy(Array(string.utf8CString))).assumingMemoryBound(to: CChar.self)
    }

    private func bitmap(_ count: Int, _ isSet: (Int) -> Bool) -> (bits: UnsafeRawPointer, unset: Int) {
        var bytes = [UInt8](repeating: 0, count: (count + 7) / 8)
        var unset = 0
        for row in 0..<count {
            if isSet(row) { bytes[row >> 3] |= 1 << UInt8(row & 7) } else { unset += 1 }
        }
        return (copy(bytes), unset)
    }

    // MARK: schemas

    func schema(format: String, name: String, children: [ArrowSchema]) -> ArrowSchema {
        var result = ArrowSchema()
        result.format = text(format)
        result.name = text(name)
        result.flags = Int64(ARROW_FLAG_NULLABLE)
        result.n_children = Int64(children.count)
        if !children.isEmpty {
            let list = allocate(children.count * 8).bindMemory(
                to: UnsafeMutablePointer<ArrowSchema>?.self, capacity: children.count)
            for (index, child) in children.enumerated() { list[index] = place(child) }
            result.children = list
        }
        result.release = { $0?.pointee.release = nil }
        return result
    }

    func schema(of data: ColumnData, _ name: String) -> ArrowSchema {
        let format = data.format
        let children = format.item.map { [schema(format: $0, name: "item", children: [])] } ?? []
        var result = schema(format: format.own, name: name, children: children)
        if case .encodedText = data { result.dictionary = place(schema(format: "U", name: "", children: [])) }
        return result
    }

    private func place<Struct>(_ value: Struct) -> UnsafeMutablePointer<Struct> {
        let pointer = allocate(MemoryLayout<Struct>.size).bindMemory(to: Struct.self, capacity: 1)
        pointer.initialize(to: value)
        return pointer
    }

    // MARK: arrays

    func array(
        length: Int, buffers: [UnsafeRawPointer?], nullCount: Int = 0, children: [ArrowArray] = []
    ) -> ArrowArray {
        var result = ArrowArray()
        result.length = Int64(length)
        result.null_count = Int64(nullCount)
        result.n_buffers = Int64(buffers.count)
        let list = allocate(buffers.count * 8).bindMemory(to: UnsafeRawPointer?.self, capacity: buffers.count)
        for (index, buffer) in buffers.enumerated() { list[index] = buffer }
        result.buffers = list
        result.n_children = Int64(children.count)
        if !children.isEmpty {
            let nodes = allocate(children.count * 8).bindMemory(
                to: UnsafeMutablePointer<ArrowArray>?.self, capacity: children.count)
            for (index, child) in children.enumerated() { nodes[index] = place(child) }
            result.children = nodes
        }
        result.release = { $0?.pointee.release = nil }
        return result
    }

    func array(of data: ColumnData) -> ArrowArray {
        switch data {
        case .text(let values): return texts(values)
        case .encodedText(let values):
            let validity = bitmap(values.codes.count) { values.codes[$0] >= 0 }
            let codes = values.codes.map { max($0, 0) }
            var result = array(
                length: codes.count, buffers: [validity.unset == 0 ? nil : validity.bits, copy(codes)],
                nullCount: validity.unset)
            result.dictionary = place(texts(values.texts))
            return result
        case .bool(let values):
            return nullable(values) { values in bitmap(values.count) { values[$0] == true }.bits }
        case .int32(let values): return nullable(values) { copy($0.map { $0 ?? 0 }) }
        case .int64(let values), .time(let values): return nullable(values) { copy($0.map { $0 ?? 0 }) }
        case .float64(let values): return nullable(values) { copy($0.map { $0 ?? 0 }) }
        case .denseInt64(let values): return array(length: values.count, buffers: [nil, copy(values)])
        case .denseFloat64(let values): return array(length: values.count, buffers: [nil, copy(values)])
        case .textList(let values): return list(values) { narrowTexts($0) }
        case .floatList(let values):
            return list(values) { items in array(length: items.count, buffers: [nil, copy(items)]) }
        }
    }

    private func nullable<Value>(_ values: [Value?], _ buffer: ([Value?]) -> UnsafeRawPointer) -> ArrowArray {
        let validity = bitmap(values.count) { values[$0] != nil }
        return array(
            length: values.count, buffers: [validity.unset == 0 ? nil : validity.bits, buffer(values)],
            nullCount: validity.unset)
    }

    private func texts(_ values: [String?]) -> ArrowArray {
        var offsets: [Int64] = [0]
        offsets.reserveCapacity(values.count + 1)
        var bytes: [UInt8] = []
        for value in values {
            if let value { bytes.append(contentsOf: value.utf8) }
            offsets.append(Int64(bytes.count))
        }
        let validity = bitmap(values.count) { values[$0] != nil }
        return array(
            length: values.count,
            buffers: [validity.unset == 0 ? nil : validity.bits, copy(offsets), copy(bytes)],
            nullCount: validity.unset)
    }

    /// The items of lists: `tables.h` allows them 32-bit offsets alone.
    private func narrowTexts(_ values: [String]) -> ArrowArray {
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(values.count + 1)
        var bytes: [UInt8] = []
        for value in values {
            bytes.append(contentsOf: value.utf8)
            // More than 2 GiB can't be one batch; clamped, the check of the batch refuses it.
            offsets.append(Int32(clamping: bytes.count))
        }
        return array(length: values.count, buffers: [nil, copy(offsets), copy(bytes)])
    }

    private func list<Item>(_ values: [[Item]?], _ items: ([Item]) -> ArrowArray) -> ArrowArray {
        var offsets: [Int32] = [0]
        var all: [Item] = []
        for value in values {
            if let value { all.append(contentsOf: value) }
            offsets.append(Int32(all.count))
        }
        let validity = bitmap(values.count) { values[$0] != nil }
        return array(
            length: values.count, buffers: [validity.unset == 0 ? nil : validity.bits, copy(offsets)],
            nullCount: validity.unset, children: [items(all)])
    }

    // MARK: ownership

    /// Ties this object to the release callbacks of both roots.
    func own(_ schema: inout ArrowSchema, _ array: inout ArrowArray) {
        schema.private_data = Unmanaged.passRetained(self).toOpaque()
        schema.release = { schema in
            guard let schema, let owner = schema.pointee.private_data else { return }
            schema.pointee.release = nil
            schema.pointee.private_data = nil
            Unmanaged<ArrowMemory>.fromOpaque(owner).release()
        }
        array.private_data = Unmanaged.passRetained(self).toOpaque()
        array.release = { array in
            guard let array, let owner = array.pointee.private_data else { return }
            array.pointee.release = nil
            array.pointee.private_data = nil
            Unmanaged<ArrowMemory>.fromOpaque(owner).release()
        }
    }
}
