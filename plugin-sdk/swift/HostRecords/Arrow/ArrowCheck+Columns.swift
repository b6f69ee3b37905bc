// SPDX-License-Identifier: Apache-2.0

internal import CHost

extension ArrowCheck {
    /// What every array has to be before one of its buffers is looked at.
    func checkShape(
        _ node: ArrowNode, _ column: String, rows: Int, buffers: Int64, children: Int64 = 0,
        encoded: Bool = false
    ) throws(HostError) {
        let (field, values) = (node.field, node.values)
        guard field.release != nil, values.release != nil else {
            throw fault("the column was moved away", column: column)
        }
        // Larger numbers could leave the range of an Int once they are added up.
        let most: Int64 = 1 << 40
        guard values.length >= Int64(rows), values.length <= most, (0...most).contains(values.offset) else {
            throw fault("\(values.length) values from \(values.offset) for \(rows) rows", column: column)
        }
        guard values.n_buffers == buffers, values.buffers != nil else {
            throw fault("\(values.n_buffers) buffers instead of \(buffers)", column: column)
        }
        guard field.n_children == children, values.n_children == children else {
            throw fault("\(values.n_children) children instead of \(children)", column: column)
        }
        guard encoded == (field.dictionary != nil), encoded == (values.dictionary != nil) else {
            throw fault("a dictionary where none belongs, or none where one does", column: column)
        }
        try checkNulls(node, column, rows: rows)
    }

    private func checkNulls(_ node: ArrowNode, _ column: String, rows: Int) throws(HostError) {
        let nulls = node.values.null_count
        guard (-1...node.values.length).contains(nulls), nulls <= 0 || node.bitmap != nil else {
            throw fault("\(nulls) nulls among \(node.values.length) values", column: column)
        }
        // Of a longer array only the rows are sure to be in memory.
        guard nulls >= 0, node.values.length == Int64(rows), let bitmap = node.bitmap else { return }
        let unset = bitmap.unset(in: 0..<rows)
        guard unset == nulls else { throw fault("\(nulls) nulls told, \(unset) found", column: column) }
    }

    func checkValues(_ node: ArrowNode, _ column: String, size: Int, encoded: Bool = false) throws(HostError)
    {
        try checkShape(node, column, rows: count, buffers: 2, encoded: encoded)
        _ = try buffer(1, of: node, column, alignment: size, isNeeded: count > 0)
    }

    /// Reading a value that is not aligned to its size is undefined.
    private func buffer(
        _ index: Int, of node: ArrowNode, _ column: String, alignment: Int, isNeeded: Bool
    ) throws(HostError) -> UnsafeRawPointer? {
        guard isNeeded else { return nil }
        guard let raw = node.values.buffers[index] else { throw fault("no buffer \(index)", column: column) }
        guard Int(bitPattern: raw) % alignment == 0 else {
            throw fault("buffer \(index) is not aligned to \(alignment) bytes", column: column)
        }
        return raw
    }

    /// The bytes that the texts of `range` have; positions count from the array's own offset.
    func checkTexts(_ node: ArrowNode, _ range: Range<Int>, _ column: String) throws(HostError) -> Int {
        let isWide = node.format == "U"
        guard
            let raw = try buffer(1, of: node, column, alignment: isWide ? 8 : 4, isNeeded: !range.isEmpty)
        else { return 0 }
        let first = Int(node.values.offset) + range.lowerBound
        let starts = TextOffsets(raw, wide: isWide)
        let begin = starts[first]
        guard begin >= 0 else { throw fault("negative offset", column: column) }
        var previous = begin
        for index in 1...range.count {
            let next = starts[first + index]
            guard next >= previous else { throw fault("offsets run backwards", column: column) }
            previous = next
        }
        let size = previous - begin
        guard size <= maxBytes else { throw fault("\(size) bytes of text in one batch", column: column) }
        guard size > 0 else { return 0 }
        guard let data = node.values.buffers[2] else { throw fault("no text buffer", column: column) }
        let bytes = UnsafeRawBufferPointer(start: data + begin, count: size)
        guard utf8IsValid(bytes, boundaries: starts, first: first, rows: range.count) else {
            throw fault("text that is not UTF-8", column: column)
        }
        return size
    }

    mutating func checkDictionary(_ node: ArrowNode, _ column: String) throws(HostError) {
        try checkValues(node, column, size: 4, encoded: true)
        guard let field = node.field.dictionary, let values = node.values.dictionary else { return }
        let texts = ArrowNode(field.pointee, values.pointee)
        guard texts.format == "u" || texts.format == "U", texts.values.length <= 1 << 24 else {
            throw fault("a dictionary of \(texts.values.length) entries of '\(texts.format)'", column: column)
        }
        let size = Int(max(texts.values.length, 0))
        try checkShape(texts, column, rows: size, buffers: 3)
        guard texts.unset(in: 0..<size) == 0 else { throw fault("null in a dictionary", column: column) }
        byteCount += try checkTexts(texts, 0..<size, column) + count * 4
        guard count > 0 else { return }
        let indices = ArrowColumn<Int32>(node.values)
        for row in 0..<count {
            guard let index = indices[row] else { continue }
            guard index >= 0, index < size else {
                throw fault("dictionary index \(index) of \(size)", column: column)
            }
        }
    }

    mutating func checkList(_ rule: ColumnRule, _ node: ArrowNode) throws(HostError) {
        let column = rule.name
        try checkShape(node, column, rows: count, buffers: 2, children: 1)
        guard let field = node.field.children?[0], let values = node.values.children?[0] else {
            throw fault("a list without its values", column: column)
        }
        let items = ArrowNode(field.pointee, values.pointee)
        var range = 0..<0
        if let raw = try buffer(1, of: node, column, alignment: 4, isNeeded: count > 0) {
            let offsets = raw.assumingMemoryBound(to: Int32.self) + Int(node.values.offset)
            guard offsets[0] >= 0 else { throw fault("negative offset", column: column) }
            for row in 1...count {
                guard offsets[row] >= offsets[row - 1] else {
                    throw fault("offsets run backwards", column: column)
                }
            }
            range = Int(offsets[0])..<Int(offsets[count])
        }
        guard range.count <= maxBytes / 8 else {
            throw fault("\(range.count) items in one batch", column: column)
        }
        byteCount += count * 4
        switch (rule.kind, items.format) {
        case (.floatList, "g"):
            try checkShape(items, column, rows: range.upperBound, buffers: 2)
            _ = try buffer(1, of: items, column, alignment: 8, isNeeded: !range.isEmpty)
            byteCount += range.count * 8
        case (.textList, "u"), (.textList, "U"):
            try checkShape(items, column, rows: range.upperBound, buffers: 3)
            byteCount += try checkTexts(items, range, column)
        default:
            throw fault("a list of Arrow format '\(items.format)'", column: column)
        }
        guard items.unset(in: range) == 0 else { throw fault("null inside a list", column: column) }
    }
}
