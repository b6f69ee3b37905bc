// SPDX-License-Identifier: Apache-2.0

import HostRecords
import Testing

@Suite struct ColumnTests {
    @Test(arguments: Table.allCases)
    func everyKindOfColumnIsReadAsItWasBuilt(table: Table) throws {
        let seed: UInt64 = 7
        for rows in [0, 1, 7, 8, 9, 64, 500] {
            var random = SeededGenerator(seed: seed &+ UInt64(rows))
            let sample = SampleBatch(table, rows: rows, &random)
            let batch = try sample.batch()
            #expect(batch.count == rows && batch.table == table)
            #expect(Cell.all(batch) == Cell.all(sample), "seed \(seed), \(rows) rows")
        }
    }

    @Test func textsKeepTheirBytes() throws {
        let texts: [String?] = ["é", "e\u{301}", nil, "", "a\u{0}b", "🙂", "é"]
        let data: [ColumnData] = [.text(texts), .encodedText(SampleBatch.encoded(texts))]
        for column in data {
            let batch = try RecordBatch(
                .units,
                [
                    ("kind", .text(texts.map { _ in "run" })), ("project", .text(texts.map { _ in "p" })),
                    ("id", .text(texts.map { _ in "1" })), ("name", column),
                ])
            let names = batch.text("name")
            for (row, text) in texts.enumerated() {
                #expect(names[row].map { ExactText($0) } == text.map { ExactText($0) })
                #expect(names.withUTF8(row) { Array($0) } == text.map { Array($0.utf8) })
            }
            let encoded = names.encoded()
            #expect(encoded.texts.map { ExactText($0) } == ["é", "e\u{301}", "", "a\u{0}b", "🙂"])
            #expect(encoded.codes == [0, 1, -1, 2, 3, 4, 0])
        }
    }

    @Test func absentColumnsAreNull() throws {
        let batch = try RecordBatch(.points, [("path", .text(["a"])), ("value", .denseFloat64([1]))])
        #expect(
            !batch.int64("step").isPresent && !batch.time("time").isPresent && !batch.step().hasMillionths)
        #expect(
            batch.step()[0] == nil && batch.time("time")[0] == nil
                && batch.time("time").milliseconds(0) == nil)
    }

    @Test func denseColumnsAreLentWhole() throws {
        let full = try RecordBatch(
            .points,
            [("path", .text(["a", "b"])), ("value", .denseFloat64([1, 2])), ("step", .denseInt64([3, 4]))])
        #expect(full.float64("value").withDense { $0.reduce(0, +) } == 3)
        let holes = try full.replacing([("step", .int64([3, nil]))])
        #expect(holes.int64("step").withDense { $0.count } == nil)
    }

    @Test(
        arguments: [
            (0, 0), (999, 0), (1000, 1), (-1, -1), (-999, -1), (-1000, -1), (-1001, -2), (.max, .max / 1000),
            (.min, .min / 1000 - 1), (.min + 500, .min / 1000 - 1),
        ] as [(Int64, Int64)])
    func microsecondsRoundDownToMilliseconds(microseconds: Int64, milliseconds: Int64) throws {
        let batch = try RecordBatch(
            .points, [("path", .text(["a"])), ("value", .denseFloat64([1])), ("time", .time([microseconds]))])
        #expect(batch.time("time")[0] == microseconds)
        #expect(batch.time("time").milliseconds(0) == milliseconds)
    }

    @Test func millisecondsOutsideTheRangeOfMicrosecondsStayAtItsEnds() throws {
        let values: [Int64] = [1, -1, .max, .min]
        var node = ForeignNode(
            copying: try RecordBatch(
                .points,
                [
                    ("path", .text(["a", "a", "a", "a"])), ("value", .denseFloat64([1, 1, 1, 1])),
                    ("time", .time(values)),
                ]))
        for index in node.children.indices where node.children[index].name == "time" {
            node.children[index].format = "tsm:UTC"
        }
        let (schema, array) = ForeignBatch.make(node, ReleaseCount())
        let times = try RecordBatch(checking: schema, array, table: .points).time("time")
        #expect((0..<4).map { times[$0] } == [1000, -1000, .max, .min])
        #expect((0..<4).map { times.milliseconds($0) } == values)
    }

    @Test func columnsOfDifferentLengthAreNoBatch() {
        let error = refusal {
            _ = try RecordBatch(.points, [("path", .text(["a"])), ("value", .denseFloat64([1, 2]))])
        }
        #expect(error?.status == .internal && error?.subject == "points/1 value")
    }

    @Test func fieldsNameTheColumnOfTheirValue() throws {
        let types = ["int", "float", "text", "bool", "time", "set", "int", "other"]
        func only<Value>(_ row: Int, _ value: Value) -> [Value?] {
            types.indices.map { $0 == row ? value : nil }
        }
        let view = FieldsView(
            try RecordBatch(
                .fields,
                [
                    ("path", .text(types)), ("role", .text(types.map { _ in "tag" })), ("type", .text(types)),
                    ("int", .int64(only(0, 5))), ("float", .float64(only(1, 0.5))),
                    ("text", .text(only(2, "t"))),
                    ("bool", .bool(only(3, true))), ("time", .time(only(4, 9))),
                    ("set", .textList(only(5, ["x", "y"]))),
                ]))
        let values: [FieldValue?] = [
            .int(5), .float(0.5), .text("t"), .bool(true), .time(microseconds: 9), .set(["x", "y"]), nil, nil,
        ]
        #expect(types.indices.map { view.value($0) } == values)
        #expect(values.compactMap { $0?.type } == Array(types.prefix(6)))
    }
}
