// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct MappingFieldsBatchTests {
    private static func fields(
        _ rows: [(path: String, role: String, text: String?)]
    ) throws -> RecordBatch {
        try RecordBatch(
            .fields,
            [
                ("path", .text(rows.map(\.path))), ("role", .text(rows.map(\.role))),
                ("type", .text(rows.map { $0.text == nil ? "int" : "text" })),
                ("int", .int64(rows.map { $0.text == nil ? 1 : nil })), ("text", .text(rows.map(\.text))),
            ])
    }

    private static func series(_ texts: [String], steps: [Step?]? = nil) throws -> RecordBatch {
        let steps = steps ?? texts.map { _ in nil }
        return try RecordBatch(
            .series,
            [
                ("path", .text(texts.indices.map { "s@\($0)" })), ("step", .int64(steps.map { $0?.whole })),
                ("millionths", .int32(steps.map { $0.flatMap { $0.millionths == 0 ? nil : $0.millionths } })),
                ("text", .text(texts)),
            ])
    }

    private static func column(_ name: String, _ result: MappedBatch) -> [String?] {
        guard let batch = result.batch else { return [] }
        let column = batch.text(name)
        return (0..<batch.count).map { column[$0] }
    }

    @Test func namesChangeByTheScopeOfTheRole() throws {
        let rule = try NameRule(.mlflowMetric)
        let parameter = NameMap.build(names: ["x@y"], rule: rule)
        let tag = NameMap.build(names: ["x@y", "x_y"], rule: rule)
        let mapping = try testMapping(names: [.parameter: parameter, .tag: tag])
        let roles = ["parameter", "tag", "system", "summary", "other", "note"]
        let result = try mapping.map(Self.fields(roles.map { ("x@y", $0, "v") }))
        let collided = tag["x@y"]
        #expect(collided != "x_y" && collided.hasPrefix("x_y_"))
        #expect(Self.column("path", result) == ["x_y", collided, "x_y", "x_y", "x_y", "x@y"])
        #expect(Self.column("role", result) == roles && result.losses.isEmpty)
    }

    @Test func nulIsMendedWhereTheTargetHasNone() throws {
        let rows: [(path: String, role: String, text: String?)] = [
            ("a", "tag", "x"), ("b", "tag", "\u{0}x\u{0}"), ("c", "tag", nil), ("d", "tag", "y\u{0}"),
        ]
        let result = try testMapping(without: .nul).map(Self.fields(rows))
        #expect(Self.column("text", result) == ["x", "\u{FFFD}x\u{FFFD}", nil, "y\u{FFFD}"])
        #expect(
            result.lossRows == ["text.nul": 2] && result.kind("text.nul") == .retyped
                && result.losses[0].path == "b")
        let kept = try testMapping().map(Self.fields(rows))
        #expect(Self.column("text", kept) == rows.map(\.text) && kept.losses.isEmpty)
    }

    @Test(
        arguments: [
            ("abcde", "abcde"), ("abcdef", "abcde"), ("ééééé", "ééééé"), ("éééééé", "ééééé"),
            ("🙂🙂🙂🙂🙂🙂", "🙂🙂🙂🙂🙂"),
            // Five scalars; the sixth is a mark on the fifth letter, which stays without it.
            ("aaaae\u{301}", "aaaae"), ("aaaa👨‍👩‍👧", "aaaa👨"), ("\u{0}bcdefg", "\u{FFFD}bcde"),
        ])
    func longTextIsCutBetweenScalars(text: String, expected: String) throws {
        let result = try testMapping(without: .nul, maxText: 5).map(Self.fields([("a", "parameter", text)]))
        #expect(Self.column("text", result).map { ExactText($0 ?? "") } == [ExactText(expected)])
        let isCut = text.unicodeScalars.count > 5
        #expect(result.lossRows["text.truncated"] == (isCut ? 1 : nil))
        #expect(!isCut || result.kind("text.truncated") == .truncated)
        #expect(result.dropped == 0)
    }

    @Test func fieldsThatFitPassUntouched() throws {
        let batch = try Self.fields([("a", "tag", "x"), ("b", "parameter", nil)])
        #expect(try testMapping(without: Abilities.all, maxText: 5).map(batch).batch === batch)
    }

    @Test func seriesKeepFractionsAndLoseNul() throws {
        let steps: [Step?] = [Step(2, millionths: 500_000), nil, Step(.max)]
        let names = NameMap.build(names: ["s@0", "s@1", "s@2"], rule: try NameRule(.mlflowMetric))
        let mapping = try testMapping(without: Abilities.all, names: [.file: names], multiplier: 3)
        let result = try mapping.map(Self.series(["a", "\u{0}", "c"], steps: steps))
        let view = SeriesView(try #require(result.batch))
        #expect((0..<3).map { view.step[$0] } == [Step(7, millionths: 500_000), nil, Step(.max)])
        #expect((0..<3).map { view.text[$0] } == ["a", "\u{FFFD}", "c"])
        #expect((0..<3).map { view.path[$0] } == ["s_0", "s_1", "s_2"])
        #expect(result.lossRows == ["step.overflow": 1, "text.nul": 1] && result.dropped == 0)
        #expect(result.losses.allSatisfy { $0.table == .series } && result.losses[0].path == "s@2")
    }

    @Test func histogramsAndFilesAreScaledToo() throws {
        let histogram = try RecordBatch(
            .histograms,
            [
                ("path", .text(["h"])), ("step", .int64([2])), ("kind", .text(["counts"])),
                ("edges", .floatList([[0, 1]])), ("values", .floatList([[1]])),
            ])
        let mapping = try testMapping(multiplier: 10)
        #expect(try mapping.map(histogram).batch?.step()[0] == Step(20))
        let files: [(name: String, data: ColumnData)] = [
            ("path", .text(["f"])), ("role", .text(["file"])), ("name", .text(["n"])), ("blob", .text(["b"])),
        ]
        #expect(try mapping.map(RecordBatch(.files, files)).batch?.step()[0] == nil)
        #expect(
            try mapping.map(RecordBatch(.files, files + [("step", .int64([3]))])).batch?.step()[0] == Step(30)
        )
    }

    @Test(arguments: Table.records)
    func tableWithoutAPlaceIsALossOfAllItsRows(table: Table) throws {
        let columns = table.columns.filter(\.isRequired).map { rule in
            (
                name: rule.name,
                data: rule.kind == .float64
                    ? ColumnData.float64([1, 2])
                    : rule.kind == .floatList ? .floatList([[], []]) : .text(["x", "y"])
            )
        }
        let batch = try RecordBatch(table, columns)
        let result = try testMapping(tables: Set(Table.allCases).subtracting([table])).map(batch)
        #expect(result.batch == nil && result.dropped == 2 && result.lossRows == ["table.unsupported": 2])
        #expect(result.losses[0].table == table && result.losses[0].note.contains(table.label))
        #expect(try testMapping().map(batch).batch?.count == 2)
    }
}
