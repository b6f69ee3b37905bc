// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Order-free checksums of batches: the wrapping sum of a 128-bit hash of each row, so equal sets of rows have
/// equal checksums whatever their order and cuts. Times count in microseconds, doubles by their bits (all NaN as
/// one), text by its bytes. Not meant against forgery.
package enum RowHash {
    package static func checksum(_ batch: RecordBatch) -> TableChecksum {
        switch batch.table {
        case .points: points(batch)
        default: generic(batch)
        }
    }

    private static func points(_ batch: RecordBatch) -> TableChecksum {
        let view = PointsView(batch)
        let path = view.path.encoded()
        let hashes = path.texts.map { text($0) }
        var sum = TableChecksum()
        for row in 0..<view.count {
            var hash = Mixer(seed: hashes[Int(path.codes[row])])
            add(view.step[row], &hash)
            hash.add(view.time[row])
            hash.add(double(view.value[row] ?? .nan))
            sum += hash.result
        }
        return sum
    }

    private static func generic(_ batch: RecordBatch) -> TableChecksum {
        var rows = [Mixer](repeating: Mixer(seed: 0x9E37_79B9_7F4A_7C15), count: batch.count)
        for rule in batch.table.columns {
            switch rule.kind {
            case .text:
                let column = batch.text(rule.name).encoded()
                let hashes = column.texts.map { text($0) }
                for row in 0..<batch.count {
                    rows[row].add(column.codes[row] < 0 ? nil : Int64(bitPattern: hashes[Int(column.codes[row])]))
                }
            case .bool:
                let column = batch.bool(rule.name)
                for row in 0..<batch.count { rows[row].add(column[row].map { $0 ? 1 : 0 }) }
            case .int32:
                let column = batch.int32(rule.name)
                // Only millionths of steps are that narrow; none are as good as null.
                for row in 0..<batch.count { rows[row].add(column[row].flatMap { $0 == 0 ? nil : Int64($0) }) }
            case .int64:
                let column = batch.int64(rule.name)
                for row in 0..<batch.count { rows[row].add(column[row]) }
            case .float64:
                let column = batch.float64(rule.name)
                for row in 0..<batch.count { rows[row].add(column[row].map { double($0) }) }
            case .time:
                let column = batch.time(rule.name)
                for row in 0..<batch.count { rows[row].add(column[row]) }
            case .textList:
                let column = batch.list(rule.name)
                for row in 0..<batch.count {
                    guard let items = column.texts(row) else { rows[row].add(nil); continue }
                    rows[row].add(Int64(items.count))
                    for item in items { rows[row].add(Int64(bitPattern: text(item))) }
                }
            case .floatList:
                let column = batch.list(rule.name)
                for row in 0..<batch.count {
                    guard let items = column.numbers(row) else { rows[row].add(nil); continue }
                    rows[row].add(Int64(items.count))
                    for item in items { rows[row].add(double(item)) }
                }
            }
        }
        return rows.reduce(into: TableChecksum()) { $0 += $1.result }
    }

    private static func add(_ step: Step?, _ hash: inout Mixer) {
        hash.add(step?.whole)
        hash.add(step.map { Int64($0.millionths) })
    }

    private static func double(_ value: Double) -> Int64 {
        value.isNaN ? 0x7FF8_0000_0000_0000 : Int64(bitPattern: value.bitPattern)
    }

    private static func text(_ text: String) -> UInt64 { StableHash.of(text) }
}

/// Folds words into 128 bits, by multiplication with odd constants and the high half of the product.
private struct Mixer {
    private var low: UInt64
    private var high: UInt64

    init(seed: UInt64) {
        low = seed ^ 0xA076_1D64_78BD_642F
        high = seed &* 0xE703_7ED1_A0B4_28DB
    }

    /// nil counts as a word of its own.
    @inline(__always)
    mutating func add(_ word: Int64?) {
        let value = word.map { UInt64(bitPattern: $0) } ?? 0x8EBC_6AF0_9C88_C6E3
        let product = (low ^ value ^ (word == nil ? 1 : 0)).multipliedFullWidth(by: 0x5899_65CC_7537_4CC3)
        low = product.low ^ product.high &+ high
        high = high &* 0x1D8E_4E27_C47D_124F ^ value
    }

    var result: TableChecksum {
        let product = (low ^ 0x2127_599B_F432_5C37).multipliedFullWidth(by: high | 1)
        return TableChecksum(first: product.low ^ product.high, second: low &+ high &* 0xA076_1D64_78BD_642F)
    }
}
