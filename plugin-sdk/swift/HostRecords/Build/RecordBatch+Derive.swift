// SPDX-License-Identifier: Apache-2.0

internal import CHost

extension RecordBatch {
    /// The same rows with some columns exchanged; the others share this batch's memory.
    public func replacing(_ columns: [(name: String, data: ColumnData)]) throws(HostError) -> RecordBatch {
        guard !columns.isEmpty else { return self }
        var schema = ArrowSchema()
        var array = ArrowArray()
        export(schema: &schema, array: &array)
        for (name, data) in columns {
            guard data.count == count, let position = exportedPosition(name),
                let child = array.children[position], let field = schema.children[position]
            else {
                array.release?(&array)
                schema.release?(&schema)
                throw HostError(
                    .internal, "A column was exchanged that the batch does not have, or for another number of rows.",
                    subject: "\(table.rawValue) \(name)")
            }
            child.pointee.release?(child)
            field.pointee.release?(field)
            let memory = ArrowMemory()
            var newField = memory.schema(of: data, name)
            var newChild = memory.array(of: data)
            memory.own(&newField, &newChild)
            field.initialize(to: newField)
            child.initialize(to: newChild)
        }
        return try RecordBatch(checking: schema, array, table: table)
    }

    /// Only known columns are exported, in the order that the batch has them.
    private func exportedPosition(_ name: String) -> Int? {
        guard let column = table.columns.firstIndex(where: { $0.name == name }), positions[column] >= 0 else {
            return nil
        }
        return positions.count { $0 >= 0 && $0 < positions[column] }
    }

    /// A copy of some rows, in the order given.
    public func selecting(_ rows: [Int]) throws(HostError) -> RecordBatch {
        var columns: [(name: String, data: ColumnData)] = []
        for (index, rule) in table.columns.enumerated() where positions[index] >= 0 {
            columns.append((rule.name, gather(rule, rows)))
        }
        return try RecordBatch(table, columns)
    }

    private func gather(_ rule: ColumnRule, _ rows: [Int]) -> ColumnData {
        switch rule.kind {
        case .text:
            let encoded = text(rule.name).encoded()
            return .encodedText(EncodedText(texts: encoded.texts, codes: rows.map { encoded.codes[$0] }))
        case .bool:
            let column = bool(rule.name)
            return .bool(rows.map { column[$0] })
        case .int32:
            let column = int32(rule.name)
            return .int32(rows.map { column[$0] })
        case .int64:
            let column = int64(rule.name)
            return .int64(rows.map { column[$0] })
        case .float64:
            let column = float64(rule.name)
            return .float64(rows.map { column[$0] })
        case .time:
            let column = time(rule.name)
            return .time(rows.map { column[$0] })
        case .textList:
            let column = list(rule.name)
            return .textList(rows.map { column.texts($0) })
        case .floatList:
            let column = list(rule.name)
            return .floatList(rows.map { column.numbers($0) })
        }
    }
}
