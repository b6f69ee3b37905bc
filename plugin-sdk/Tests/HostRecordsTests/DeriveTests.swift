// SPDX-License-Identifier: Apache-2.0

import HostRecords
import Testing

@Suite struct DeriveTests {
    @Test(arguments: Table.allCases)
    func selectingCopiesTheRowsAskedForInTheirOrder(table: Table) throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let sample = SampleBatch(table, rows: 30, &random)
            let batch = try sample.batch()
            let rows = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Int.random(in: 0..<30, using: &random)
            }
            let expected = Cell.all(sample).mapValues { column in rows.map { column[$0] } }
            #expect(Cell.all(try batch.selecting(rows)) == expected, "seed \(seed)")
        }
    }

    @Test(arguments: Table.allCases)
    func replacingChangesTheColumnsNamedAndNoOther(table: Table) throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let sample = SampleBatch(table, rows: 12, &random)
            // Columns of foreign order, with some that the table does not know in between.
            let node = ForeignNode(copying: try sample.batch()).variant(&random)
            let (schema, array) = ForeignBatch.make(node, ReleaseCount())
            let batch = try RecordBatch(checking: schema, array, table: table)
            let fresh = SampleBatch(table, rows: 12, &random)
            // Steps belong together: they are exchanged with their millionths or not at all.
            let exchanged = fresh.columns.filter { column in
                !column.name.contains("step") && !column.name.contains("millionths")
                    && sample.columns.contains { $0.name == column.name }
            }
            let result = try batch.replacing(exchanged)
            var expected = Cell.all(sample)
            for (name, data) in exchanged { expected[name] = (0..<12).map { Cell.of(data, $0) } }
            #expect(Cell.all(result) == expected, "seed \(seed)")
            #expect(Cell.all(batch) == Cell.all(sample), "seed \(seed)")
        }
    }

    @Test func replacingRefusesWhatDoesNotFit() throws {
        let batch = try RecordBatch(
            .points, [("path", .text(["a", "b"])), ("value", .denseFloat64([1, 2]))])
        #expect(refusal { _ = try batch.replacing([("step", .denseInt64([1, 2]))]) }?.status == .internal)
        #expect(refusal { _ = try batch.replacing([("value", .denseFloat64([1]))]) }?.status == .internal)
        #expect(
            refusal { _ = try batch.replacing([("value", .denseFloat64([1, 2, 3]))]) }?.status == .internal)
        #expect(refusal { _ = try batch.replacing([("path", .text(["a", nil]))]) }?.status == .invalidData)
        #expect(try batch.replacing([]) === batch)
    }
}
