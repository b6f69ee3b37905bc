// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// The checks that make a foreign Arrow array safe to read.
///
/// The C data interface carries no buffer sizes, so a lying producer can still point outside its memory; everything
/// that can be proved from the structs is proved here: shapes, formats, counts, offsets in order, indices in range,
/// nulls, UTF-8.
struct ArrowCheck {
    /// A batch of several rows can be cut into smaller ones.
    static let maxBytes = 2 * Int(HOST_MAX_BATCH_BYTES)
    /// One row can't be cut; beyond this it is taken for a damaged offset.
    static let maxRowBytes = Int(HOST_MAX_ROW_BYTES)

    private(set) var count = 0
    var byteCount = 0
    private(set) var positions: [Int]
    private let table: Table

    init(schema: ArrowSchema, array: ArrowArray, table: Table) throws(HostError) {
        self.table = table
        positions = Array(repeating: -1, count: table.columns.count)
        guard schema.release != nil, array.release != nil else {
            throw fault("the batch was released before it was handed over")
        }
        guard let format = schema.format, String(cString: format) == "+s" else {
            throw fault("the batch is not an Arrow struct array")
        }
        guard array.length >= 0, array.length <= Int64(HOST_MAX_BATCH_ROWS) else {
            throw fault("\(array.length) rows; a batch has at most \(HOST_MAX_BATCH_ROWS)")
        }
        count = Int(array.length)
        guard array.offset == 0, array.n_buffers == 1, let buffers = array.buffers,
            array.null_count == 0 || array.null_count == -1,
            buffers[0].map({ Bitmap($0, offset: 0).unset(in: 0..<count) }) ?? 0 == 0,
            schema.dictionary == nil, array.dictionary == nil
        else { throw fault("a struct array with an offset, with nulls or of another shape") }
        guard schema.n_children == array.n_children, schema.n_children >= 0, schema.n_children <= 256 else {
            throw fault("schema and array have \(schema.n_children) and \(array.n_children) columns")
        }
        try checkColumns(schema, array)
        try checkSteps(schema, array)
        guard byteCount <= maxBytes else {
            throw fault("\(byteCount) bytes; a batch has at most \(maxBytes)")
        }
    }

    var maxBytes: Int { count <= 1 ? Self.maxRowBytes : Self.maxBytes }

    func fault(_ what: String, column: String? = nil) -> HostError {
        HostError(
            .invalidData, "The plugin handed over a batch that breaks the rules of tables.h: \(what).",
            subject: column.map { "\(table.rawValue) \($0)" } ?? table.rawValue,
            remedy: "Report this to the plugin's author.", retry: .never)
    }

    private mutating func checkColumns(_ schema: ArrowSchema, _ array: ArrowArray) throws(HostError) {
        let rules = table.columns
        for index in 0..<Int(schema.n_children) {
            guard let field = schema.children?[index], let values = array.children?[index] else {
                throw fault("column \(index) is missing")
            }
            let name = field.pointee.name.map { String(cString: $0) } ?? ""
            guard let column = rules.firstIndex(where: { $0.name == name }) else { continue }
            guard positions[column] < 0 else { throw fault("column \(name) is there twice") }
            positions[column] = index
            try checkColumn(rules[column], ArrowNode(field.pointee, values.pointee))
        }
        for (column, rule) in rules.enumerated() where rule.isRequired && positions[column] < 0 {
            throw fault("required column \(rule.name) is missing")
        }
    }

    private mutating func checkColumn(_ rule: ColumnRule, _ node: ArrowNode) throws(HostError) {
        switch (rule.kind, node.format) {
        case (.text, "u"), (.text, "U"):
            try checkShape(node, rule.name, rows: count, buffers: 3)
            byteCount += try checkTexts(node, 0..<count, rule.name)
        case (.text, "i"):
            try checkDictionary(node, rule.name)
        case (.bool, "b"):
            try checkValues(node, rule.name, size: 1)
            byteCount += count / 8
        case (.int32, "i"):
            try checkValues(node, rule.name, size: 4)
            byteCount += count * 4
        case (.int64, "l"), (.float64, "g"), (.time, "tsm:UTC"), (.time, "tsu:UTC"):
            try checkValues(node, rule.name, size: 8)
            byteCount += count * 8
        case (.textList, "+l"), (.floatList, "+l"):
            try checkList(rule, node)
        default:
            throw fault("Arrow format '\(node.format)' is not allowed here", column: rule.name)
        }
        guard !rule.isRequired || node.unset(in: 0..<count) == 0 else {
            throw fault("null in a required column", column: rule.name)
        }
    }

    /// Millionths are the part of a step above its whole number: without one they mean nothing.
    private func checkSteps(_ schema: ArrowSchema, _ array: ArrowArray) throws(HostError) {
        for (whole, millionths) in [("step", "millionths"), ("fork_step", "fork_millionths")] {
            guard let part = position(millionths), let values = array.children[part]?.pointee, count > 0
            else {
                continue
            }
            let parts = ArrowColumn<Int32>(values)
            let steps = position(whole).flatMap { array.children[$0] }.map { ArrowColumn<Int64>($0.pointee) }
            for row in 0..<count {
                guard let value = parts[row] else { continue }
                guard (0..<1_000_000).contains(value) else {
                    throw fault("\(value) millionths of a step", column: millionths)
                }
                guard value == 0 || steps?[row] != nil else {
                    throw fault("millionths without a whole step", column: millionths)
                }
            }
        }
    }

    private func position(_ name: String) -> Int? {
        guard let column = table.columns.firstIndex(where: { $0.name == name }) else { return nil }
        return positions[column] < 0 ? nil : positions[column]
    }
}
