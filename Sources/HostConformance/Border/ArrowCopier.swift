// SPDX-License-Identifier: Apache-2.0

internal import CHost
package import HostRecords

/// The forms that the same rows can have; a loader takes them all.
package struct BatchForm: Sendable, CustomStringConvertible {
    /// Rows of rubbish before the first one of each column, skipped by its offset.
    var offset = 0
    /// Texts with offsets of 32 bits.
    var isNarrow = false
    /// A column that no table has.
    var hasUnknownColumn = false

    static let plain = BatchForm()
    package static let all = [
        plain, BatchForm(offset: 3), BatchForm(isNarrow: true), BatchForm(hasUnknownColumn: true),
        BatchForm(offset: 9, isNarrow: true, hasUnknownColumn: true),
    ]

    package var description: String {
        let words = [
            offset > 0 ? "columns with offset \(offset)" : nil, isNarrow ? "utf8 with 32 bits" : nil,
            hasUnknownColumn ? "an unknown column" : nil,
        ].compactMap { $0 }
        return words.isEmpty ? "plain" : words.joined(separator: ", ")
    }
}

extension BatchForm {
    /// The same rows in this form, in memory that stays.
    package func copy(_ batch: RecordBatch) throws(HostError) -> RecordBatch {
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.export(schema: &schema, array: &array)
        defer {
            array.release?(&array)
            schema.release?(&schema)
        }
        var (newSchema, newArray) = ArrowCopier(LentPages(.batch), LentPages(.batch), self).root(
            schema, array)
        newSchema.release = { $0?.pointee.release = nil }
        newArray.release = { $0?.pointee.release = nil }
        return try RecordBatch(checking: newSchema, newArray, table: batch.table)
    }
}

/// Copies Arrow trees into pages of the kit, in another form where it is asked to. Only what `tables.h` allows.
///
/// Thread rule: one thread; the source has to stay until `root` returns.
struct ArrowCopier {
    private let schemaPages: LentPages
    private let arrayPages: LentPages
    private let form: BatchForm

    init(_ schemaPages: LentPages, _ arrayPages: LentPages, _ form: BatchForm) {
        self.schemaPages = schemaPages
        self.arrayPages = arrayPages
        self.form = form
    }

    func root(_ schema: ArrowSchema, _ array: ArrowArray) -> (ArrowSchema, ArrowArray) {
        var fields: [ArrowSchema] = []
        var columns: [ArrowArray] = []
        for index in 0..<Int(schema.n_children) {
            guard let field = schema.children[index]?.pointee, let column = array.children[index]?.pointee
            else {
                continue
            }
            fields.append(copy(field))
            columns.append(copy(column, of: field, from: 0, count: Int(array.length), junk: form.offset))
        }
        if form.hasUnknownColumn {
            var field = ArrowSchema()
            field.format = name("l")
            field.name = name("x-unknown")
            field.release = { $0?.pointee.release = nil }
            fields.append(field)
            let zeros = UnsafeRawPointer(arrayPages.allocate(Int(array.length) * 8))
            columns.append(node(length: Int(array.length), buffers: [nil, zeros]))
        }
        var newSchema = ArrowSchema()
        newSchema.format = name("+s")
        newSchema.name = name("")
        newSchema.n_children = Int64(fields.count)
        newSchema.children = list(fields, schemaPages)
        var newArray = node(length: Int(array.length), buffers: [nil])
        newArray.n_children = Int64(columns.count)
        newArray.children = list(columns, arrayPages)
        return (newSchema, newArray)
    }

    private func copy(_ schema: ArrowSchema) -> ArrowSchema {
        var result = schema
        let format = String(cString: schema.format)
        result.format = name(form.isNarrow && format == "U" ? "u" : format)
        result.name = name(schema.name.map { String(cString: $0) } ?? "")
        result.metadata = nil
        result.private_data = nil
        result.release = { $0?.pointee.release = nil }
        let children = (0..<Int(schema.n_children)).compactMap {
            schema.children[$0].map { copy($0.pointee) }
        }
        result.children = children.isEmpty ? nil : list(children, schemaPages)
        if let dictionary = schema.dictionary {
            result.dictionary = schemaPages.place(copy(dictionary.pointee))
        }
        return result
    }

    /// `count` rows from `start` (on top of the array's own offset), behind `junk` rows that nobody should read.
    private func copy(
        _ array: ArrowArray, of schema: ArrowSchema, from start: Int, count: Int, junk: Int
    ) -> ArrowArray {
        let first = Int(array.offset) + start
        let validity = bits(array.buffers[0], first, count, junk: junk, fill: false)
        var result: ArrowArray
        switch String(cString: schema.format) {
        case "b":
            result = node(
                length: count,
                buffers: [validity, bits(array.buffers[1], first, count, junk: junk, fill: true)])
        case "i":
            result = node(
                length: count, buffers: [validity, values(array.buffers[1], first, count, width: 4, junk)])
        case "u": result = text(array, UInt32.self, first, count, validity, junk)
        case "U": result = text(array, UInt64.self, first, count, validity, junk)
        case "+l": result = lists(array, schema, first, count, validity, junk)
        default:
            result = node(
                length: count, buffers: [validity, values(array.buffers[1], first, count, width: 8, junk)])
        }
        result.offset = Int64(junk)
        result.null_count = array.null_count == 0 ? 0 : -1
        if let dictionary = array.dictionary, let words = schema.dictionary {
            result.dictionary = arrayPages.place(
                copy(
                    dictionary.pointee, of: words.pointee, from: 0, count: Int(dictionary.pointee.length),
                    junk: 0))
        }
        return result
    }

    private func values(
        _ source: UnsafeRawPointer?, _ first: Int, _ count: Int, width: Int, _ junk: Int
    ) -> UnsafeRawPointer {
        let place = arrayPages.allocate((junk + count) * width)
        // A dictionary index in there would point far outside; a loader that reads it shows.
        for byte in 0..<(junk * width) { place.storeBytes(of: 0x5A, toByteOffset: byte, as: UInt8.self) }
        if let source, count > 0 {
            (place + junk * width).copyMemory(from: source + first * width, byteCount: count * width)
        }
        return UnsafeRawPointer(place)
    }

    private func bits(
        _ source: UnsafeRawPointer?, _ first: Int, _ count: Int, junk: Int, fill: Bool
    ) -> UnsafeRawPointer? {
        guard let source else { return nil }
        let place = arrayPages.allocate((junk + count + 7) / 8)
        func set(_ index: Int) {
            let byte = place.load(fromByteOffset: index >> 3, as: UInt8.self)
            place.storeBytes(of: byte | 1 << UInt8(index & 7), toByteOffset: index >> 3, as: UInt8.self)
        }
        if fill { for index in 0..<junk { set(index) } }
        for index in 0..<count {
            let bit = first + index
            if source.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1 == 1 {
                set(junk + index)
            }
        }
        return UnsafeRawPointer(place)
    }

    private func text<Offset: FixedWidthInteger>(
        _ array: ArrowArray, _ type: Offset.Type, _ first: Int, _ count: Int, _ validity: UnsafeRawPointer?,
        _ junk: Int
    ) -> ArrowArray {
        let (offsets, start, end) = self.offsets(
            array.buffers[1], type, first, count, junk, narrow: form.isNarrow)
        let bytes = arrayPages.allocate(end - start)
        if let source = array.buffers[2], end > start {
            bytes.copyMemory(from: source + start, byteCount: end - start)
        }
        return node(length: count, buffers: [validity, offsets, UnsafeRawPointer(bytes)])
    }

    /// Offsets from 0, with the part of the items that they cover.
    private func offsets<Offset: FixedWidthInteger>(
        _ source: UnsafeRawPointer?, _ type: Offset.Type, _ first: Int, _ count: Int, _ junk: Int,
        narrow: Bool
    ) -> (UnsafeRawPointer, start: Int, end: Int) {
        let width = MemoryLayout<Offset>.size
        func at(_ index: Int) -> Int {
            source.map { Int($0.loadUnaligned(fromByteOffset: (first + index) * width, as: Offset.self)) }
                ?? 0
        }
        let start = at(0)
        let places = [Int](repeating: 0, count: junk) + (0...count).map { at($0) - start }
        let raw: UnsafeMutableRawPointer
        if narrow || width == 4 {
            raw = places.map { Int32($0) }.withUnsafeBytes { arrayPages.copy($0) }
        } else {
            raw = places.map { Int64($0) }.withUnsafeBytes { arrayPages.copy($0) }
        }
        return (UnsafeRawPointer(raw), start, at(count))
    }

    private func lists(
        _ array: ArrowArray, _ schema: ArrowSchema, _ first: Int, _ count: Int, _ validity: UnsafeRawPointer?,
        _ junk: Int
    ) -> ArrowArray {
        let (offsets, start, end) = self.offsets(
            array.buffers[1], UInt32.self, first, count, junk, narrow: true)
        var result = node(length: count, buffers: [validity, offsets])
        guard let items = array.children[0]?.pointee, let field = schema.children[0]?.pointee else {
            return result
        }
        result.n_children = 1
        result.children = list([copy(items, of: field, from: start, count: end - start, junk: 0)], arrayPages)
        return result
    }

    private func node(length: Int, buffers: [UnsafeRawPointer?]) -> ArrowArray {
        var result = ArrowArray()
        result.length = Int64(length)
        result.n_buffers = Int64(buffers.count)
        let place = buffers.withUnsafeBytes { arrayPages.copy($0) }
        result.buffers = place.assumingMemoryBound(to: UnsafeRawPointer?.self)
        result.release = { $0?.pointee.release = nil }
        return result
    }

    private func list<Struct>(
        _ items: [Struct], _ pages: LentPages
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Struct>?> {
        let place = pages.allocate(items.count * 8).assumingMemoryBound(
            to: UnsafeMutablePointer<Struct>?.self)
        for (index, item) in items.enumerated() { place[index] = pages.place(item) }
        return place
    }

    private func name(_ text: String) -> UnsafePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let place = bytes.withUnsafeBytes { schemaPages.copy($0) }
        return UnsafePointer(place.assumingMemoryBound(to: CChar.self))
    }
}
