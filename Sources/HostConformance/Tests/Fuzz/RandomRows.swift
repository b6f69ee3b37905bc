// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Anything that `tables.h` allows, by chance.
package enum RandomRows {
    package static func batches(_ random: inout SeededGenerator) throws(HostError) -> [RecordBatch] {
        var batches: [RecordBatch] = []
        var fieldNames: Set<ExactText> = []
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            switch Int.random(in: 0...3, using: &random) {
            case 0: batches.append(try fields(&random, &fieldNames))
            case 1: batches.append(try series(&random))
            default: batches.append(try points(&random))
            }
        }
        return batches
    }

    static func text(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "B", "/", "..", ".", " ", "\u{1F680}", "\u{E9}", "e\u{301}", "\u{0}", "\n", "%", "\\", "имя",
            "'", "\"",
            "x-1", "0", ":", "\u{202E}",
        ]
        let count = Int.random(in: 0...12, using: &random)
        return (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
    }

    private static func name(_ random: inout SeededGenerator) -> String {
        let text = text(&random).replacing("\u{0}", with: "")
        return text.isEmpty ? "empty" : text
    }

    private static func number(_ random: inout SeededGenerator) -> Double {
        switch Int.random(in: 0...5, using: &random) {
        case 0:
            [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude][
                Int.random(in: 0...5, using: &random)]
        case 1: Double(Int64.random(in: -1000...1000, using: &random))
        case 2: finite(Double(bitPattern: random.next()))
        default: Double.random(in: -1...1, using: &random)
        }
    }

    /// All NaN are one in checksums and in most stores.
    private static func finite(_ value: Double) -> Double { value.isNaN ? .nan : value }

    private static func fields(
        _ random: inout SeededGenerator, _ names: inout Set<ExactText>
    ) throws(HostError) -> RecordBatch {
        var fields: [FixtureRows.Field] = []
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let name = name(&random)
            guard names.insert(ExactText(name)).inserted else { continue }
            let value: FieldValue =
                switch Int.random(in: 0...5, using: &random) {
                case 0: .int(Int64(bitPattern: random.next()))
                case 1: .float(number(&random))
                case 2: .bool(Bool.random(using: &random))
                case 3:
                    .time(microseconds: Int64.random(in: -1_000_000...2_000_000_000_000_000, using: &random))
                case 4: .set((0..<Int.random(in: 0...3, using: &random)).map { "item \($0)" })
                default: .text(text(&random))
                }
            fields.append(.init(name, Bool.random(using: &random) ? "parameter" : "tag", value))
        }
        return try FixtureRows.batch(fields)
    }

    private static func points(_ random: inout SeededGenerator) throws(HostError) -> RecordBatch {
        let names = (0..<Int.random(in: 1...4, using: &random)).map { _ in name(&random) }
        let count = Int.random(in: 0...300, using: &random)
        var steps: [Int64?] = []
        var millionths: [Int32?] = []
        for _ in 0..<count {
            let hasStep = Int.random(in: 0...20, using: &random) > 0
            // Beyond ±10^11 a decimal of 18 digits with six behind the point has no room.
            steps.append(hasStep ? Int64.random(in: -99_999_999_999...99_999_999_999, using: &random) : nil)
            millionths.append(
                hasStep && Int.random(in: 0...5, using: &random) == 0
                    ? Int32.random(in: 1...999_999, using: &random) : nil)
        }
        let codes = (0..<count).map { _ in Int32.random(in: 0..<Int32(names.count), using: &random) }
        return try RecordBatch(
            .points,
            [
                ("path", .encodedText(EncodedText(texts: names, codes: codes))), ("step", .int64(steps)),
                ("millionths", .int32(millionths)),
                (
                    "time",
                    .time(
                        (0..<count).map { _ in Int64.random(in: 0...2_000_000_000_000_000, using: &random) })
                ),
                ("value", .denseFloat64((0..<count).map { _ in number(&random) })),
            ])
    }

    private static func series(_ random: inout SeededGenerator) throws(HostError) -> RecordBatch {
        let count = Int.random(in: 0...40, using: &random)
        let name = name(&random)
        return try RecordBatch(
            .series,
            [
                ("path", .text((0..<count).map { _ in name })),
                ("step", .int64((0..<count).map { Int64($0) })),
                ("time", .time((0..<count).map { FixtureRows.start + Int64($0) * 1000 })),
                ("text", .text((0..<count).map { _ in text(&random) })),
            ])
    }

    /// Bits turned, a part cut out, doubled or made anew.
    static func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        guard !bytes.isEmpty else { return (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) } }
        switch Int.random(in: 0...4, using: &random) {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
        case 1: bytes.append(contentsOf: bytes.prefix(Int.random(in: 1...bytes.count, using: &random)))
        case 2:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            for index in start..<min(start + 16, bytes.count) {
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
        default:
            for _ in 0...Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                    1 << UInt8.random(in: 0...7, using: &random)
            }
        }
        return Array(bytes.prefix(4096 * 16384))
    }
}
