// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// The checks that make a foreign Arrow array safe to read.
///
/// The C data interface carries no buffer sizes, so a lying producer can still point outside its memory; everything
/// that can be proved from the structs is proved here: formats, counts, offsets in order, indices in range, UTF-8.
struct ArrowCheck {
    private(set) var count = 0
    private(set) var byteCount = 0
    private(set) var positions: [Int]
    private let table: Table

    init(schema: ArrowSchema, array: ArrowArray, table: Table) throws(HostError) {
        self.table = table
        let rules = table.columns
        positions = Array(repeating: -1, count: rules.count)
        guard schema.release != nil, array.release != nil else {
            throw fault("the batch was released before it was handed over")
        }
        guard let format = schema.format, String(cString: format) == "+s" else {
            throw fault("the batch is not an Arrow struct array")
        }
        guard array.length >= 0, array.length <= Int64(HOST_MAX_BATCH_ROWS) else {
            throw fault("\(array.length) rows; a batch has at most \(HOST_MAX_BATCH_ROWS)")
        }
        guard array.offset == 0, array.null_count == 0 || array.buffers?[0] == nil else {
            throw fault("a struct array with an offset or with nulls")
        }
        guard schema.n_children == array.n_children, schema.n_children >= 0, schema.n_children <= 256 else {
            throw fault("schema and array have \(schema.n_children) and \(array.n_children) columns")
        }
        count = Int(array.length)
        for index in 0..<Int(schema.n_children) {
            guard let field = schema.children?[index], let values = array.children?[index] else {
                throw fault("column \(index) is missing")
            }
            let name = field.pointee.name.map { String(cString: $0) } ?? ""
            guard let column = rules.firstIndex(where: { $0.name == name }) else { continue }
            guard positions[column] < 0 else { throw fault("column \(name) is there twice") }
            positions[column] = index
            try checkColumn(rules[column], field.pointee, values.pointee)
        }
        for (column, rule) in rules.enumerated() where rule.isRequired && positions[column] < 0 {
            throw fault("required column \(rule.name) is missing")
        }
        let limit = 2 * HOST_MAX_BATCH_BYTES
        guard byteCount <= limit || count <= 1 else {
            throw fault("\(byteCount) bytes; a batch has at most \(limit)")
        }
    }

    func fault(_ what: String, column: String? = nil) -> HostError {
        HostError(
            .invalidData, "The plugin handed over a batch that breaks the rules of tables.h: \(what).",
            subject: column.map { "\(table.rawValue) \($0)" } ?? table.rawValue,
            remedy: "Report this to the plugin's author.", retry: .never)
    }

    private mutating func checkColumn(
        _ rule: ColumnRule, _ field: ArrowSchema, _ values: ArrowArray
    ) throws(HostError) {
        let format = field.format.map { String(cString: $0) } ?? ""
        guard values.length >= Int64(count), values.offset >= 0, values.offset <= 1 << 40 else {
            throw fault("\(values.length) values for \(count) rows", column: rule.name)
        }
        if rule.isRequired, try hasNull(values, rule.name) {
            throw fault("null in a required column", column: rule.name)
        }
        switch (rule.kind, format) {
        case (.text, "u"), (.text, "U"):
            byteCount += try checkText(values, wide: format == "U", rule.name)
        case (.text, "i"):
            try checkDictionary(field, values, rule.name)
        case (.bool, "b"):
            try requireBuffers(values, 2, rule.name)
            byteCount += count / 8
        case (.int32, "i"):
            try requireBuffers(values, 2, rule.name)
            byteCount += count * 4
        case (.int64, "l"), (.float64, "g"):
            try requireBuffers(values, 2, rule.name)
            byteCount += count * 8
        case (.time, "tsm:UTC"), (.time, "tsu:UTC"):
            try requireBuffers(values, 2, rule.name)
            byteCount += count * 8
        case (.textList, "+l"), (.floatList, "+l"):
            try checkList(rule, field, values)
        default:
            throw fault("Arrow format '\(format)' is not allowed here", column: rule.name)
        }
    }

    private func requireBuffers(_ values: ArrowArray, _ number: Int64, _ column: String) throws(HostError) {
        guard values.n_buffers == number, let buffers = values.buffers else {
            throw fault("\(values.n_buffers) buffers instead of \(number)", column: column)
        }
        guard count == 0 || buffers[1] != nil else { throw fault("no value buffer", column: column) }
        guard values.null_count == 0 || values.null_count == -1 || buffers[0] != nil else {
            throw fault("nulls without a validity bitmap", column: column)
        }
    }

    private func hasNull(_ values: ArrowArray, _ column: String) throws(HostError) -> Bool {
        guard values.n_buffers > 0, let buffers = values.buffers else { return false }
        guard values.null_count != 0, let bits = buffers[0] else { return false }
        let bitmap = Bitmap(bits, offset: Int(values.offset))
        for row in 0..<count where !bitmap[row] { return true }
        return false
    }

    /// The bytes that the rows use.
    private func checkText(
        _ values: ArrowArray, wide: Bool, _ column: String, rows: Int? = nil
    ) throws(HostError) -> Int {
        let rows = rows ?? count
        guard values.n_buffers == 3, let buffers = values.buffers else {
            throw fault("\(values.n_buffers) buffers instead of 3", column: column)
        }
        guard rows > 0 else { return 0 }
        guard let offsets = buffers[1] else { throw fault("no offsets", column: column) }
        let first = Int(values.offset)
        let starts = TextOffsets(offsets, wide: wide)
        var previous = starts[first]
        let begin = previous
        guard previous >= 0 else { throw fault("negative offset", column: column) }
        for row in 1...rows {
            let next = starts[first + row]
            guard next >= previous else { throw fault("offsets run backwards", column: column) }
            previous = next
        }
        let size = previous - begin
        guard size <= 2 * HOST_MAX_BATCH_BYTES || rows == 1 else {
            throw fault("\(size) bytes of text in one batch", column: column)
        }
        guard size > 0 else { return 0 }
        guard let data = buffers[2] else { throw fault("no text buffer", column: column) }
        let bytes = UnsafeRawBufferPointer(start: data + begin, count: size)
        guard utf8IsValid(bytes, boundaries: starts, first: first, rows: rows) else {
            throw fault("text that is not UTF-8", column: column)
        }
        return size
    }

    private mutating func checkDictionary(
        _ field: ArrowSchema, _ values: ArrowArray, _ column: String
    ) throws(HostError) {
        try requireBuffers(values, 2, column)
        guard let dictionarySchema = field.dictionary, let dictionary = values.dictionary else {
            throw fault("32-bit integers instead of text", column: column)
        }
        let format = dictionarySchema.pointee.format.map { String(cString: $0) } ?? ""
        guard format == "u" || format == "U" else {
            throw fault("a dictionary of Arrow format '\(format)'", column: column)
        }
        let size = dictionary.pointee.length
        guard size >= 0, size <= 1 << 24, dictionary.pointee.offset >= 0, dictionary.pointee.null_count <= 0 else {
            throw fault("a dictionary of \(size) entries or with nulls", column: column)
        }
        byteCount += try checkText(dictionary.pointee, wide: format == "U", column, rows: Int(size))
        byteCount += count * 4
        guard count > 0, let raw = values.buffers?[1] else { return }
        let indices = raw.assumingMemoryBound(to: Int32.self) + Int(values.offset)
        let bitmap = values.null_count == 0 ? nil : values.buffers?[0].map { Bitmap($0, offset: Int(values.offset)) }
        for row in 0..<count {
            let index = Int64(indices[row])
            guard index >= 0 && index < size || bitmap.map({ !$0[row] }) == true else {
                throw fault("dictionary index \(index) of \(size)", column: column)
            }
        }
    }

    private mutating func checkList(
        _ rule: ColumnRule, _ field: ArrowSchema, _ values: ArrowArray
    ) throws(HostError) {
        try requireBuffers(values, 2, rule.name)
        guard field.n_children == 1, values.n_children == 1, let item = field.children?[0],
            let items = values.children?[0]
        else { throw fault("a list without its values", column: rule.name) }
        guard count > 0, let raw = values.buffers?[1] else { return }
        let offsets = raw.assumingMemoryBound(to: Int32.self) + Int(values.offset)
        var previous = offsets[0]
        guard previous >= 0 else { throw fault("negative offset", column: rule.name) }
        for row in 1...count {
            guard offsets[row] >= previous else { throw fault("offsets run backwards", column: rule.name) }
            previous = offsets[row]
        }
        guard items.pointee.length >= Int64(previous), items.pointee.offset >= 0 else {
            throw fault("lists reach beyond their values", column: rule.name)
        }
        let format = item.pointee.format.map { String(cString: $0) } ?? ""
        byteCount += count * 4
        guard previous > 0 else { return }
        switch (rule.kind, format) {
        case (.floatList, "g"):
            guard items.pointee.n_buffers == 2, items.pointee.buffers?[1] != nil else {
                throw fault("a list without its values", column: rule.name)
            }
            byteCount += Int(previous) * 8
        case (.textList, "u"), (.textList, "U"):
            byteCount += try checkText(items.pointee, wide: format == "U", rule.name, rows: Int(previous))
        default:
            throw fault("a list of Arrow format '\(format)'", column: rule.name)
        }
    }
}
