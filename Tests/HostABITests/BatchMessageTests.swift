// SPDX-License-Identifier: Apache-2.0

import HostABI
import HostRecords
import Testing

/// Batches as messages between host and worker.
@Suite struct BatchMessageTests {
    private let histograms: RecordBatch
    private let fields: RecordBatch
    private let points: RecordBatch

    init() throws {
        histograms = try RecordBatch(
            .histograms,
            [
                ("path", .encodedText(EncodedText(texts: ["a", "ünï"], codes: [1, 0, 1]))),
                ("step", .int64([1, nil, .max])), ("time", .time([nil, 5, -7])),
                ("kind", .text(["counts", "densities", "x"])),
                ("edges", .floatList([[0, 1], [], [.nan]])), ("values", .floatList([[1], [], []])),
            ])
        fields = try RecordBatch(
            .fields,
            [
                ("path", .text(["a", "b", "c", "d"])), ("role", .text(["tag", "tag", "parameter", "other"])),
                ("type", .text(["set", "bool", "text", "int"])), ("set", .textList([["x", "", "実験"], nil, nil, nil])),
                ("bool", .bool([nil, true, nil, nil])), ("text", .text([nil, nil, "é\0x", nil])),
                ("int", .int64([nil, nil, nil, .min])),
            ])
        let rows = 1000
        points = try RecordBatch(
            .points,
            [
                ("path", .text((0..<rows).map { "m/\($0 % 7)" })), ("value", .denseFloat64((0..<rows).map { Double($0) })),
                ("step", .int64((0..<rows).map { $0 % 3 == 0 ? nil : Int64($0) })),
                ("millionths", .int32([Int32?](repeating: nil, count: rows))),
            ])
    }

    private func sent(_ batch: RecordBatch) throws -> RecordBatch {
        let message = BatchEncoder.bytes(batch)
        return try BatchDecoder.decode(head: message.head, body: message.body)
    }

    private func rows(_ batch: RecordBatch) -> [String] {
        batch.table.columns.map { column in
            switch column.kind {
            case .text: "\((0..<batch.count).map { batch.text(column.name)[$0] })"
            case .int64: "\((0..<batch.count).map { batch.int64(column.name)[$0] })"
            case .float64: "\((0..<batch.count).map { batch.float64(column.name)[$0]?.bitPattern })"
            case .bool: "\((0..<batch.count).map { batch.bool(column.name)[$0] })"
            case .int32: "\((0..<batch.count).map { batch.int32(column.name)[$0] })"
            case .time: "\((0..<batch.count).map { batch.time(column.name)[$0] })"
            case .floatList: "\((0..<batch.count).map { batch.list(column.name).numbers($0)?.map(\.bitPattern) })"
            case .textList: "\((0..<batch.count).map { batch.list(column.name).texts($0) })"
            }
        }
    }

    @Test func everyTypeArrivesAsItWas() throws {
        for batch in [histograms, fields, points] {
            #expect(try rows(sent(batch)) == rows(batch))
            #expect(try rows(sent(sent(batch))) == rows(batch))
        }
    }

    @Test func damagedMessagesAreRefusedOrReadWithinTheirBytes() throws {
        var random = SeededRandom(seed: 7)
        for batch in [histograms, fields, points] {
            let message = BatchEncoder.bytes(batch)
            for _ in 0..<3000 {
                var head = message.head
                var body = message.body
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    if Bool.random(using: &random), !body.isEmpty {
                        body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    } else {
                        head[Int.random(in: 0..<head.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                }
                if Int.random(in: 0..<8, using: &random) == 0 { head.removeLast(Int.random(in: 0..<head.count, using: &random)) }
                if let read = try? BatchDecoder.decode(head: head, body: body) { _ = rows(read) }
            }
        }
    }
}

private struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
