// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct RowHashTests {
    /// A cell that is told apart from others of its column by a number; nil is null.
    private typealias Row = [Int?]

    private static func batch(_ table: Table, _ rows: [Row]) throws -> RecordBatch {
        try RecordBatch(
            table,
            table.columns.enumerated().map { index, rule in (rule.name, data(rule, rows.map { $0[index] })) })
    }

    private static func data(_ rule: ColumnRule, _ cells: [Int?]) -> ColumnData {
        switch rule.kind {
        case .text: .text(cells.map { $0.map { $0 == 0 ? "" : "text \($0)" } })
        case .bool: .bool(cells.map { $0.map { $0 % 2 == 1 } })
        case .int32: .int32(cells.map { $0.map { Int32($0) } })
        case .int64: .int64(cells.map { $0.map { Int64($0) } })
        case .time: .time(cells.map { $0.map { Int64($0) } })
        case .float64: .float64(cells.map { $0.map { Double($0) } })
        case .textList: .textList(cells.map { $0.map { number in (0..<number).map { "item \($0)" } } })
        case .floatList: .floatList(cells.map { $0.map { number in (0..<number).map { Double($0) } } })
        }
    }

    private static func rows(_ table: Table, _ count: Int, _ random: inout SeededGenerator) -> [Row] {
        (0..<count).map { _ in
            var hasStep = true
            return table.columns.map { rule in
                var cell: Int? = Int.random(in: 0...4, using: &random)
                if !rule.isRequired, Int.random(in: 0..<4, using: &random) == 0 { cell = nil }
                if rule.name.hasSuffix("step") { hasStep = cell != nil }
                return rule.name.hasSuffix("millionths") && !hasStep ? nil : cell
            }
        }
    }

    private static func sum(_ batches: [RecordBatch]) -> TableChecksum {
        batches.reduce(into: TableChecksum()) { $0 += RowHash.checksum($1) }
    }

    @Test(arguments: Table.allCases)
    func orderAndCutsDoNotMatter(table: Table) throws {
        let seed: UInt64 = 99
        for round in 0..<40 {
            var random = SeededGenerator(seed: seed &+ UInt64(round))
            var rows = Self.rows(table, 40, &random)
            let whole = RowHash.checksum(try Self.batch(table, rows))
            rows.shuffle(using: &random)
            var parts: [RecordBatch] = []
            while !rows.isEmpty {
                let count = min(Int.random(in: 1...15, using: &random), rows.count)
                parts.append(try Self.batch(table, Array(rows.prefix(count))))
                rows.removeFirst(count)
            }
            #expect(Self.sum(parts) == whole, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: Table.allCases)
    func changeOfAnyCellShows(table: Table) throws {
        let seed: UInt64 = 17
        for round in 0..<60 {
            var random = SeededGenerator(seed: seed &+ UInt64(round))
            let rows = Self.rows(table, 6, &random)
            let before = RowHash.checksum(try Self.batch(table, rows))
            for (index, rule) in table.columns.enumerated() {
                var changed = rows
                let row = Int.random(in: 0..<6, using: &random)
                if rule.name.hasSuffix("step") || rule.name.hasSuffix("millionths") {
                    guard changed[row][index] != nil else { continue }
                }
                changed[row][index] = (rows[row][index] ?? 8) + 1
                let after = RowHash.checksum(try Self.batch(table, changed))
                #expect(
                    before.first != after.first && before.second != after.second,
                    "seed \(seed), round \(round): \(rule.name)")
            }
        }
    }

    @Test func nullIsNotZeroNorEmpty() throws {
        let optional: [(Table, String)] = [
            (.fields, "int"), (.fields, "float"), (.fields, "text"), (.fields, "bool"), (.fields, "time"),
            (.fields, "set"), (.points, "step"), (.points, "time"), (.files, "size"), (.units, "name"),
        ]
        for (table, name) in optional {
            let index = try #require(table.columns.firstIndex { $0.name == name })
            var row: Row = table.columns.map { $0.isRequired ? 1 : nil }
            let empty = RowHash.checksum(try Self.batch(table, [row]))
            row[index] = 0
            #expect(RowHash.checksum(try Self.batch(table, [row])) != empty, "\(table) \(name)")
        }
    }

    @Test func valuesThatMoveBetweenColumnsOrRowsShow() throws {
        func field(_ int: Int64?, _ time: Int64?, _ path: String = "a") throws -> RecordBatch {
            try RecordBatch(
                .fields,
                [
                    ("path", .text([path])), ("role", .text(["tag"])), ("type", .text(["int"])),
                    ("int", .int64([int])), ("time", .time([time])),
                ])
        }
        #expect(RowHash.checksum(try field(5, nil)) != RowHash.checksum(try field(nil, 5)))
        let straight = Self.sum([try field(1, 1, "a"), try field(2, 2, "b")])
        #expect(straight != Self.sum([try field(2, 1, "a"), try field(1, 2, "b")]))
        #expect(straight != Self.sum([try field(1, 1, "b"), try field(2, 2, "a")]))
        #expect(
            Self.sum([try field(1, 1), try field(1, 1)]) != RowHash.checksum(try field(1, 1)), "rows count")
    }

    @Test func jointsOfListsShow() throws {
        func sum(_ sets: [[String]?]) throws -> TableChecksum {
            RowHash.checksum(
                try RecordBatch(
                    .fields,
                    [
                        ("path", .text(sets.map { _ in "a" })), ("role", .text(sets.map { _ in "tag" })),
                        ("type", .text(sets.map { _ in "set" })), ("set", .textList(sets)),
                    ]))
        }
        let sums = try [
            [["a", "b"]], [["ab"]], [["a", "b", ""]], [["b", "a"]], [[]], [nil], [["a"], ["b"]],
        ].map { try sum($0) }
        #expect(Set(sums).count == sums.count)
    }

    @Test func writingOfTheSameValuesDoesNotMatter() throws {
        let plain: [(name: String, data: ColumnData)] = [
            ("path", .text(["a", "b", "a"])), ("step", .int64([1, 2, 3])), ("text", .text(["x", "y", "z"])),
        ]
        let other: [(name: String, data: ColumnData)] = [
            ("text", .encodedText(EncodedText(texts: ["z", "unused", "y", "x"], codes: [3, 2, 0]))),
            ("millionths", .int32([0, nil, 0])), ("step", .denseInt64([1, 2, 3])),
            ("time", .time([nil, nil, nil])),
            ("path", .encodedText(EncodedText(texts: ["b", "a"], codes: [1, 0, 1]))),
        ]
        #expect(
            RowHash.checksum(try RecordBatch(.series, plain))
                == RowHash.checksum(try RecordBatch(.series, other)))
        #expect(try point(.nan) == point(-.signalingNaN))
    }

    private func point(_ value: Double) throws -> TableChecksum {
        RowHash.checksum(try TestPoint.batch([TestPoint(value: value)]))
    }

    @Test func doublesCountByTheirBitsAndTextsByTheirBytes() throws {
        #expect(try point(0) != point(-0.0))
        #expect(try point(1) != point(1.0.nextUp))
        let (composed, decomposed) = try (
            TestPoint.batch([TestPoint("é")]), TestPoint.batch([TestPoint("e\u{301}")])
        )
        #expect(RowHash.checksum(composed) != RowHash.checksum(decomposed))
    }

    @Test func manyRowsHaveAsManyHashes() throws {
        var seen: Set<UInt64> = []
        for step in 0..<200 {
            for path in 0..<100 {
                let batch = try TestPoint.batch([TestPoint("p\(path)", step: Step(Int64(step)))])
                let sum = RowHash.checksum(batch)
                seen.formUnion([sum.first, sum.second])
            }
        }
        #expect(seen.count == 40_000)
    }
}
