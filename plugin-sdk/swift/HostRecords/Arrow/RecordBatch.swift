// SPDX-License-Identifier: Apache-2.0

public import CHost

/// A checked batch of one table: owns an Arrow struct array and releases it.
///
/// Made only through `init(checking:…)` or a `BatchBuilder`, so whoever holds one may read it without further checks.
/// Immutable once made; may move between threads.
public final class RecordBatch: @unchecked Sendable {
    public let table: Table
    public let count: Int
    /// Bytes of the values, roughly: what queues and limits count.
    public let byteCount: Int

    var schema: ArrowSchema
    var array: ArrowArray
    /// For each column of the table: the child's index, or -1 when the batch does not have it.
    let positions: [Int]

    /// Takes over `schema` and `array` (both are released, also when this throws) after checking every rule of
    /// `tables.h`: formats, lengths, offsets, dictionary indices, UTF-8, nulls in required columns.
    public init(checking schema: ArrowSchema, _ array: ArrowArray, table: Table) throws(HostError) {
        self.table = table
        self.schema = schema
        self.array = array
        do {
            let check = try ArrowCheck(schema: schema, array: array, table: table)
            count = check.count
            byteCount = check.byteCount
            positions = check.positions
        } catch {
            count = 0
            byteCount = 0
            positions = []
            throw error
        }
    }

    deinit {
        if let release = array.release { release(&array) }
        if let release = schema.release { release(&schema) }
    }

    /// Gives schema and array to a C struct, which then owns them. The batch stays readable as long as it is held:
    /// what is moved out keeps this object alive until it is released.
    public func export(schema outSchema: inout ArrowSchema, array outArray: inout ArrowArray) {
        ArrowExport.export(self, schema: &outSchema, array: &outArray)
    }

    func child(_ column: Int) -> UnsafeMutablePointer<ArrowArray>? {
        let position = positions[column]
        return position < 0 ? nil : array.children[position]
    }

    func childSchema(_ column: Int) -> UnsafeMutablePointer<ArrowSchema>? {
        let position = positions[column]
        return position < 0 ? nil : schema.children[position]
    }
}
