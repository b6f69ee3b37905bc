// SPDX-License-Identifier: Apache-2.0

internal import CHost

extension RecordBatch {
    /// Makes a batch of columns, all of one length. The result is checked like a foreign one, so a mistake here
    /// is found here.
    public convenience init(_ table: Table, _ columns: [(name: String, data: ColumnData)]) throws(HostError) {
        let rows = columns.first?.data.count ?? 0
        for column in columns where column.data.count != rows {
            throw HostError(
                .internal, "A batch was made of columns with \(rows) and \(column.data.count) rows.",
                subject: "\(table.rawValue) \(column.name)")
        }
        let memory = ArrowMemory()
        var schema = memory.schema(format: "+s", name: "", children: columns.map { memory.schema(of: $0.data, $0.name) })
        var array = memory.array(length: rows, buffers: [nil], children: columns.map { memory.array(of: $0.data) })
        memory.own(&schema, &array)
        try self.init(checking: schema, array, table: table)
    }
}
