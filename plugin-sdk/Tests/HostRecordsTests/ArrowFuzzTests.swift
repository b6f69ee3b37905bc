// SPDX-License-Identifier: Apache-2.0

import CHost
import Foundation
import HostRecords
import Synchronization
import Testing

/// Batches as a careless or hostile plugin could hand them over.
@Suite struct ArrowFuzzTests {
    /// `HOST_FUZZ_CASES` asks for more, `HOST_FUZZ_SEED` for others.
    static let cases = Int(ProcessInfo.processInfo.environment["HOST_FUZZ_CASES"] ?? "") ?? 24_000
    static let seed = UInt64(ProcessInfo.processInfo.environment["HOST_FUZZ_SEED"] ?? "") ?? 20_260_801

    private static func sample(_ random: inout SeededGenerator) -> SampleBatch {
        let rows = random.one(in: 12) ? 0 : Int.random(in: 1...20, using: &random)
        return SampleBatch(random.pick(Table.allCases), rows: rows, &random)
    }

    private static func check(_ node: ForeignNode, _ table: Table, _ count: ReleaseCount) -> Result<
        RecordBatch, HostError
    > {
        let (schema, array) = ForeignBatch.make(node, count)
        do throws(HostError) {
            return .success(try RecordBatch(checking: schema, array, table: table))
        } catch {
            return .failure(error)
        }
    }

    @Test func everyProvableDamageIsRefusedAndWhatCameIsReleased() throws {
        print("ArrowFuzzTests: damage, seed \(Self.seed), \(Self.cases) cases")
        var done: [String: Int] = [:]
        var number: UInt64 = 0
        while done.values.reduce(0, +) < Self.cases {
            number += 1
            var random = SeededGenerator(seed: Self.seed &+ number)
            let sample = Self.sample(&random)
            var node = ForeignNode(copying: try sample.batch())
            if random.one(in: 2) { node = node.variant(&random) }
            let damage = random.pick(Damage.all)
            guard let site = DamageSite.all(node, sample.table).randomElement(using: &random),
                damage.apply(&node, site, &random)
            else { continue }
            done[damage.name, default: 0] += 1
            let count = ReleaseCount()
            let place = Comment(
                "seed \(Self.seed), case \(number): \(damage.name) of \(sample.table) \(site.rule.name) \(site.part)"
            )
            switch Self.check(node, sample.table, count) {
            case .success: Issue.record(place)
            case .failure(let error): #expect(error.status == .invalidData, place)
            }
            #expect(count.schemas.load(ordering: .relaxed) == (node.isFieldReleased ? 0 : 1), place)
            #expect(count.arrays.load(ordering: .relaxed) == (node.isArrayReleased ? 0 : 1), place)
        }
        for damage in Damage.all {
            #expect(done[damage.name, default: 0] > Self.cases / 2000, "\(damage.name) hardly occurs")
        }
    }

    @Test func everyWritingOfTheSameValuesIsReadAlike() throws {
        print("ArrowFuzzTests: variants, seed \(Self.seed)")
        for number in 0..<UInt64(Self.cases / 10) {
            var random = SeededGenerator(seed: Self.seed &+ number)
            let sample = Self.sample(&random)
            let node = ForeignNode(copying: try sample.batch()).variant(&random)
            let count = ReleaseCount()
            let place = Comment("seed \(Self.seed), case \(number)")
            do {
                let batch = try Self.check(node, sample.table, count).get()
                #expect(Cell.all(batch) == Cell.all(sample), place)
                // What goes on to a loader is readable by the same rules, and holds the same.
                let again = ForeignNode(copying: batch)
                #expect(
                    again.children.allSatisfy { child in
                        sample.table.columns.contains { $0.name == child.name }
                    })
                #expect(
                    Cell.all(try Self.check(again, sample.table, ReleaseCount()).get()) == Cell.all(sample),
                    place)
                #expect(count.arrays.load(ordering: .relaxed) == 0, place)
            }
            #expect(count.schemas.load(ordering: .relaxed) == 1, place)
            #expect(count.arrays.load(ordering: .relaxed) == 1, place)
        }
    }

    @Test(arguments: [65_536, 65_537])
    func rowsOfABatchHaveALimit(rows: Int) throws {
        let columns: [(name: String, data: ColumnData)] = [
            ("path", .encodedText(EncodedText(texts: ["a"], codes: Array(repeating: 0, count: rows)))),
            ("value", .denseFloat64(Array(repeating: 1, count: rows))),
        ]
        if rows <= 65_536 {
            #expect(try RecordBatch(.points, columns).count == rows)
        } else {
            #expect(refusal { _ = try RecordBatch(.points, columns) }?.status == .invalidData)
        }
    }

    @Test func bytesOfABatchHaveALimitAndOneRowHasMore() throws {
        let text = String(repeating: "x", count: 9 << 20)
        func batch(_ rows: Int) throws -> RecordBatch {
            try RecordBatch(
                .series,
                [
                    ("path", .text(Array(repeating: "p", count: rows))),
                    ("text", .text(Array(repeating: text, count: rows))),
                ])
        }
        #expect(try batch(1).byteCount > 9 << 20)
        #expect(refusal { _ = try batch(2) }?.status == .invalidData)
    }
}

/// The error that `body` must throw.
func refusal(_ body: () throws -> Void) -> HostError? {
    do {
        try body()
        return nil
    } catch {
        return error as? HostError
    }
}
