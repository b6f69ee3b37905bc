// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// Columns of random but valid values, to be made into a batch and compared with what is read back.
struct SampleBatch {
    let table: Table
    let rows: Int
    private(set) var columns: [(name: String, data: ColumnData)] = []

    static let texts = [
        "", "a", "metrics/loss", "é", "e\u{301}", "実験", "🙂🙃", "line\nbreak", "nul\u{0}inside", "ÿ\u{10FFFF}",
        String(repeating: "long ", count: 40),
    ]
    static let numbers: [Double] = [0, -0.0, 1.5, -.infinity, .infinity, .nan, .leastNonzeroMagnitude, 1e308]
    static let integers: [Int64] = [0, 1, -1, .max, .min, 1_700_000_000_000_000]

    init(_ table: Table, rows: Int, _ random: inout SeededGenerator) {
        self.table = table
        self.rows = rows
        for rule in table.columns where rule.isRequired || !random.one(in: 5) {
            columns.append((rule.name, values(rule, &random)))
        }
        columns.shuffle(using: &random)
    }

    func batch() throws(HostError) -> RecordBatch { try RecordBatch(table, columns) }

    private func values(_ rule: ColumnRule, _ random: inout SeededGenerator) -> ColumnData {
        func each<Value>(_ make: (inout SeededGenerator) -> Value) -> [Value?] {
            (0..<rows).map { _ in !rule.isRequired && random.one(in: 4) ? nil : make(&random) }
        }
        switch rule.kind {
        case .text:
            let texts = each { $0.pick(Self.texts) }
            return random.one(in: 2) ? .text(texts) : .encodedText(Self.encoded(texts))
        case .bool: return .bool(each { $0.one(in: 2) })
        case .int32: return .int32(millionths(&random))
        case .int64: return .int64(each { $0.pick(Self.integers) })
        case .float64: return .float64(each { $0.pick(Self.numbers) })
        case .time: return .time(each { $0.pick(Self.integers) })
        case .textList: return .textList(each { random in Self.list(&random) { $0.pick(Self.texts) } })
        case .floatList: return .floatList(each { random in Self.list(&random) { $0.pick(Self.numbers) } })
        }
    }

    /// Only rows with a whole step have millionths.
    private func millionths(_ random: inout SeededGenerator) -> [Int32?] {
        guard let steps = columns.first(where: { $0.name.hasSuffix("step") }),
            case .int64(let whole) = steps.data
        else { return Array(repeating: nil, count: rows) }
        return whole.map {
            $0 == nil || random.one(in: 2) ? nil : Int32.random(in: 0...999_999, using: &random)
        }
    }

    private static func list<Item>(
        _ random: inout SeededGenerator, _ make: (inout SeededGenerator) -> Item
    ) -> [Item] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&random) }
    }

    static func encoded(_ texts: [String?]) -> EncodedText {
        var distinct: [ExactText] = []
        let codes = texts.map { text -> Int32 in
            guard let text else { return -1 }
            if let position = distinct.firstIndex(of: ExactText(text)) { return Int32(position) }
            distinct.append(ExactText(text))
            return Int32(distinct.count - 1)
        }
        return EncodedText(texts: distinct.map(\.text), codes: codes)
    }
}

/// A cell as it can be compared: doubles by their bits, texts by their bytes.
enum Cell: Equatable {
    case null
    case text(ExactText)
    case integer(Int64)
    case bool(Bool)
    case double(UInt64)
    case texts([ExactText])
    case doubles([UInt64])

    static func of(_ data: ColumnData, _ row: Int) -> Cell {
        switch data {
        case .text(let values): values[row].map { .text(ExactText($0)) } ?? .null
        case .encodedText(let values):
            values.codes[row] < 0 ? .null : .text(ExactText(values.texts[Int(values.codes[row])]))
        case .bool(let values): values[row].map { .bool($0) } ?? .null
        case .int32(let values): values[row].map { .integer(Int64($0)) } ?? .null
        case .int64(let values), .time(let values): values[row].map { .integer($0) } ?? .null
        case .float64(let values): values[row].map { .double($0.bitPattern) } ?? .null
        case .denseInt64(let values): .integer(values[row])
        case .denseFloat64(let values): .double(values[row].bitPattern)
        case .textList(let values): values[row].map { .texts($0.map { ExactText($0) }) } ?? .null
        case .floatList(let values): values[row].map { .doubles($0.map(\.bitPattern)) } ?? .null
        }
    }

    /// All cells of a column as the batch's views give them.
    static func column(_ rule: ColumnRule, of batch: RecordBatch) -> [Cell] {
        let rows = 0..<batch.count
        switch rule.kind {
        case .text:
            let column = batch.text(rule.name)
            return rows.map { row in column[row].map { .text(ExactText($0)) } ?? .null }
        case .bool:
            let column = batch.bool(rule.name)
            return rows.map { row in column[row].map { .bool($0) } ?? .null }
        case .int32:
            let column = batch.int32(rule.name)
            return rows.map { row in column[row].map { .integer(Int64($0)) } ?? .null }
        case .int64:
            let column = batch.int64(rule.name)
            return rows.map { row in column[row].map { .integer($0) } ?? .null }
        case .float64:
            let column = batch.float64(rule.name)
            return rows.map { row in column[row].map { .double($0.bitPattern) } ?? .null }
        case .time:
            let column = batch.time(rule.name)
            return rows.map { row in column[row].map { .integer($0) } ?? .null }
        case .textList:
            let column = batch.list(rule.name)
            return rows.map { row in column.texts(row).map { .texts($0.map { ExactText($0) }) } ?? .null }
        case .floatList:
            let column = batch.list(rule.name)
            return rows.map { row in column.numbers(row).map { .doubles($0.map(\.bitPattern)) } ?? .null }
        }
    }

    /// Every cell of the batch by column; an absent column is all null.
    static func all(_ batch: RecordBatch) -> [String: [Cell]] {
        Dictionary(uniqueKeysWithValues: batch.table.columns.map { ($0.name, column($0, of: batch)) })
    }

    static func all(_ sample: SampleBatch) -> [String: [Cell]] {
        var cells: [String: [Cell]] = [:]
        for rule in sample.table.columns {
            cells[rule.name] = Array(repeating: .null, count: sample.rows)
        }
        for (name, data) in sample.columns { cells[name] = (0..<sample.rows).map { of(data, $0) } }
        return cells
    }
}
