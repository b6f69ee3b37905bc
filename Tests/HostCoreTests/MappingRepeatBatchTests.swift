// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct MappingRepeatBatchTests {
    /// Points told as repeats, in order.
    private static func repeats(_ points: [TestPoint], capacity: Int = RepeatFilter.usualCapacity) -> [Bool] {
        var filter = RepeatFilter(capacity: capacity)
        return points.map { point in
            let slot = filter.slots(of: [point.path])[0]
            return filter.isRepeat(slot, point.step, point.time, point.value)
        }
    }

    private struct Key: Hashable {
        var path: ExactText
        var step: Step?
        var time: Int64?
        var bits: UInt64

        init(_ point: TestPoint) {
            (path, step, time, bits) = (ExactText(point.path), point.step, point.time, point.bits)
        }
    }

    private static func naive(_ points: [TestPoint]) -> [Bool] {
        var seen: Set<Key> = []
        return points.map { !seen.insert(Key($0)).inserted }
    }

    private static func random(_ count: Int, ordered: Bool, _ random: inout SeededGenerator) -> [TestPoint] {
        var last: [String: Int] = [:]
        return (0..<count).map { _ in
            let path = ["a", "é", "e\u{301}"].randomElement(using: &random) ?? ""
            let next =
                ordered
                ? (last[path] ?? -1) + (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0)
                : Int.random(in: -1...4, using: &random)
            last[path] = next
            let fraction: Int32 = ordered ? 0 : [0, 500_000].randomElement(using: &random) ?? 0
            return TestPoint(
                path, step: next < 0 ? nil : Step(Int64(next), millionths: fraction),
                time: [nil, 0, 1].randomElement(using: &random) ?? nil,
                value: [0, -0.0, 1, .nan, -.nan].randomElement(using: &random) ?? 0)
        }
    }

    @Test func orderedPointsAreFilteredAsByASetOfAll() {
        let seed: UInt64 = 77
        for round in 0..<2_000 {
            var generator = SeededGenerator(seed: seed &+ UInt64(round))
            let points = Self.random(60, ordered: true, &generator)
            #expect(Self.repeats(points) == Self.naive(points), "seed \(seed), round \(round)")
        }
    }

    @Test func unorderedPointsAreFilteredFromTheLastGroupOn() {
        let seed: UInt64 = 78
        for round in 0..<2_000 {
            var generator = SeededGenerator(seed: seed &+ UInt64(round))
            let points = Self.random(60, ordered: false, &generator)
            let told = Self.repeats(points)
            let naive = Self.naive(points)
            #expect(
                zip(told, naive).allSatisfy { !$0 || $1 }, "seed \(seed), round \(round): no point is lost")
            #expect(told == Self.expected(points), "seed \(seed), round \(round)")
        }
    }

    /// All points of a path in a plain list, from which a new highest step clears those of lower ones until a
    /// step runs backwards.
    private static func expected(_ points: [TestPoint]) -> [Bool] {
        var kept: [ExactText: (points: [Key], runsBackwards: Bool)] = [:]
        return points.map { point in
            let path = ExactText(point.path)
            var known = kept[path, default: ([], false)]
            let highest = known.points.map { $0.step ?? Step(.min) }.max()
            let step = point.step ?? Step(.min)
            if !known.runsBackwards, let highest {
                if step > highest { known.points = [] }
                if step < highest { known.runsBackwards = true }
            }
            let isRepeat = known.points.contains(Key(point))
            known.points.append(Key(point))
            kept[path] = known
            return isRepeat
        }
    }

    @Test func memoryHasABoundAndNoPointIsLostBeyondIt() {
        let points = (0..<40).map { TestPoint(step: nil, time: Int64($0)) }
        let told = Self.repeats(points + points, capacity: 10)
        #expect(told.prefix(40).allSatisfy { !$0 })
        #expect(told.dropFirst(40).count { $0 } == 11, "the first and ten more")
        // What a group held is free again with the next step.
        let steps = (0..<30).flatMap { step in
            (0..<10).map { TestPoint(step: Step(Int64(step)), time: Int64($0)) }
        }
        let twice = steps.flatMap { [$0, $0] }
        #expect(Self.repeats(twice, capacity: 10).count { $0 } == 300)
    }

    @Test func mappingMergesRepeatsAcrossBatchesAfterItsOwnChanges() throws {
        let mapping = try testMapping(without: [.duplicatePoints, .microseconds, .negativeZero])
        let first = try mapping.map(
            TestPoint.batch([TestPoint(time: 1_000), TestPoint(time: 1_999), TestPoint("b", value: 0)]))
        #expect(TestPoint.all(first.batch) == [TestPoint(time: 1_000), TestPoint("b", value: 0)])
        #expect(first.lossRows == ["time.rounded": 1, "point.merged": 1] && first.dropped == 1)
        #expect(first.kind("point.merged") == .merged)
        let second = try mapping.map(TestPoint.batch([TestPoint("b", value: -0.0), TestPoint(time: 1_001)]))
        #expect(second.batch == nil && second.lossRows["point.merged"] == 2 && second.dropped == 2)
        let third = try mapping.map(
            TestPoint.batch([TestPoint(step: Step(2)), TestPoint(), TestPoint(), TestPoint(step: Step(2))]))
        #expect(
            TestPoint.all(third.batch) == [TestPoint(step: Step(2)), TestPoint()], "the steps ran backwards")
    }
}
