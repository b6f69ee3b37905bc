// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

/// Thousands of random units against a plain model of the rules, in wide arithmetic.
@Suite struct MappingRandomBatchTests {
    private struct Model {
        let missing: Abilities
        let multiplier: Int64
        let names: NameMap
        private(set) var losses: [String: Int64] = [:]
        private var seen: [ExactText: [TestPoint]] = [:]

        init(_ missing: Abilities, _ multiplier: Int64, _ names: NameMap) {
            (self.missing, self.multiplier, self.names) = (missing, multiplier, names)
        }

        private mutating func lose(_ code: String) { losses[code, default: 0] += 1 }

        mutating func map(_ source: TestPoint) -> TestPoint? {
            var point = source
            guard mapStep(&point), mapValue(&point) else { return nil }
            mapTime(&point)
            if missing.contains(.duplicatePoints) {
                // Steps of these units never run backwards, so what counts is the group of the same step.
                let group = seen[ExactText(source.path), default: []].filter { $0.step == point.step }
                if group.contains(point) {
                    lose("point.merged")
                    return nil
                }
                seen[ExactText(source.path)] = group + [point]
            }
            point.path = names[source.path]
            return point
        }

        private mutating func mapStep(_ point: inout TestPoint) -> Bool {
            guard let step = point.step else {
                if missing.contains(.noStep) {
                    lose("step.missing")
                    point.step = Step(0)
                }
                return true
            }
            let exact = (Int128(step.whole) * 1_000_000 + Int128(step.millionths)) * Int128(multiplier)
            var whole = exact / 1_000_000 - (exact % 1_000_000 < 0 ? 1 : 0)
            var rest = exact - whole * 1_000_000
            var isRounded = false
            if rest != 0, missing.contains(.fractionalSteps), Int64(exactly: whole) != nil {
                if rest > 500_000 || rest == 500_000 && whole % 2 != 0 { whole += 1 }
                rest = 0
                isRounded = true
            }
            guard let fits = Int64(exactly: whole) else {
                lose("step.overflow")
                return false
            }
            if isRounded { lose("step.rounded") }
            point.step = Step(fits, millionths: Int32(rest))
            return true
        }

        private mutating func mapValue(_ point: inout TestPoint) -> Bool {
            if point.value.isNaN, missing.contains(.nan) {
                lose("value.nan")
                return false
            }
            if point.value.isInfinite, missing.contains(.infinity) {
                lose("value.clamped")
                point.value = point.value < 0 ? -Double.greatestFiniteMagnitude : .greatestFiniteMagnitude
            }
            if point.value == 0, point.value.sign == .minus, missing.contains(.negativeZero) {
                lose("value.negative-zero")
                point.value = 0
            }
            return true
        }

        private mutating func mapTime(_ point: inout TestPoint) {
            guard let time = point.time else {
                if missing.contains(.noTime) {
                    lose("time.missing")
                    point.time = 5_000_000
                }
                return
            }
            if time < 0, missing.contains(.timesBefore1970) {
                lose("time.before-1970")
                point.time = 0
            } else if time % 1000 != 0, missing.contains(.microseconds) {
                lose("time.rounded")
                point.time = Int64((Double(time) / 1000).rounded(.down)) * 1000
            }
        }
    }

    private static let paths = ["loss", "a@b", "a#b", "a_b", "é/1", "e\u{301}/1", "", "//"]
    private static let values: [Double] = [0, -0.0, 1, .nan, .infinity, -.infinity, 1e-300]

    /// Steps go up within a path, as trackers hand them over.
    private static func points(_ count: Int, _ last: inout [String: Step], _ random: inout SeededGenerator)
        -> [TestPoint]
    {
        (0..<count).map { _ in
            let path = paths.randomElement(using: &random) ?? ""
            let before = last[path]
            var step = before
            if before == nil {
                // Points without a step come first and may become step 0: what follows does not go below it.
                let mayLackStep = path == "loss" || path == "a_b"
                if !mayLackStep || Int.random(in: 0..<4, using: &random) > 0 {
                    step = Step(
                        [mayLackStep ? 1 : -3, 0, 5, .max / 3, .max - 1].randomElement(using: &random) ?? 0,
                        millionths: [0, 250_000, 500_000, 999_999].randomElement(using: &random) ?? 0)
                }
            } else if let whole = before?.whole, whole < .max - 2, Bool.random(using: &random) {
                // Far enough apart to stay so when they are rounded.
                step = Step(whole + 2, millionths: [0, 500_000].randomElement(using: &random) ?? 0)
            }
            last[path] = step
            return TestPoint(
                path, step: step,
                time: [nil, 0, 1, -1, -1_001, 1_000, 1_700_000_000_123_456].randomElement(using: &random)
                    ?? nil,
                value: values.randomElement(using: &random) ?? 0)
        }
    }

    @Test func everyRowInIsARowOutOrALossAndAllAsTheModelSays() throws {
        let seed: UInt64 = 31_415
        print("MappingRandomBatchTests: seed \(seed)")
        let abilities: [Abilities] = [
            .fractionalSteps, .nan, .infinity, .negativeZero, .noTime, .timesBefore1970, .noStep,
            .microseconds, .duplicatePoints,
        ]
        let rule = try NameRule(.mlflowMetric)
        let names = NameMap.build(names: Self.paths, rule: rule)
        for round in 0..<2_500 {
            var random = SeededGenerator(seed: seed &+ UInt64(round))
            var missing: Abilities = []
            for ability in abilities where Bool.random(using: &random) { missing.insert(ability) }
            let multiplier: Int64 = [1, 1, 2, 4, 1_000_000].randomElement(using: &random) ?? 1
            let isRenamed = Bool.random(using: &random)
            let mapping = try testMapping(
                without: missing, names: isRenamed ? [.metric: names] : [:], multiplier: multiplier)
            var model = Model(missing, multiplier, isRenamed ? names : NameMap())
            var last: [String: Step] = [:]
            var losses: [String: Int64] = [:]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let points = Self.points(Int.random(in: 0...25, using: &random), &last, &random)
                let result = try mapping.map(TestPoint.batch(points))
                let place = Comment(
                    "seed \(seed), round \(round), without \(missing.rawValue), × \(multiplier)")
                let expected = points.compactMap { model.map($0) }
                #expect(TestPoint.all(result.batch) == expected, place)
                #expect(Int64(points.count) == Int64(result.batch?.count ?? 0) + result.dropped, place)
                losses.merge(result.lossRows, uniquingKeysWith: +)
                #expect(losses == model.losses, place)
            }
        }
    }
}
