// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct MappingPointsBatchTests {
    private static let half = Step(2, millionths: 500_000)
    /// Cases of one point; `out` is nil when it is dropped, `code` when nothing is lost.
    struct Case: Sendable {
        var missing: Abilities = []
        var multiplier: Int64 = 1
        var point: TestPoint
        var out: TestPoint?
        var code: String?
        var kind: LossKind?
    }

    private static func changed(
        _ missing: Abilities, _ point: TestPoint, to out: TestPoint?, _ code: String, _ kind: LossKind,
        multiplier: Int64 = 1
    ) -> Case {
        Case(missing: missing, multiplier: multiplier, point: point, out: out, code: code, kind: kind)
    }

    private static func same(_ missing: Abilities, _ point: TestPoint) -> Case {
        Case(missing: missing, point: point, out: point)
    }

    private static let steps: [Case] = [
        same([], TestPoint(step: half)), same(.fractionalSteps, TestPoint(step: Step(.max))),
        changed(
            .fractionalSteps, TestPoint(step: half), to: TestPoint(step: Step(2)), "step.rounded", .rounded),
        changed(
            .fractionalSteps, TestPoint(step: Step(-1, millionths: 250_000)), to: TestPoint(step: Step(-1)),
            "step.rounded", .rounded),
        Case(
            missing: .fractionalSteps, multiplier: 2, point: TestPoint(step: half),
            out: TestPoint(step: Step(5))),
        Case(multiplier: 3, point: TestPoint(step: half), out: TestPoint(step: Step(7, millionths: 500_000))),
        changed(
            .fractionalSteps, TestPoint(step: half), to: TestPoint(step: Step(8)), "step.rounded", .rounded,
            multiplier: 3),
        changed([], TestPoint(step: Step(.max)), to: nil, "step.overflow", .dropped, multiplier: 2),
        changed(
            [], TestPoint(step: Step(.min, millionths: 1)), to: nil, "step.overflow", .dropped,
            multiplier: .max),
        changed(
            .fractionalSteps, TestPoint(step: Step(.max, millionths: 500_000)), to: nil, "step.overflow",
            .dropped),
        same([], TestPoint(step: nil)),
        changed(.noStep, TestPoint(step: nil), to: TestPoint(step: Step(0)), "step.missing", .rounded),
    ]

    private static let times: [Case] = [
        same([], TestPoint(time: nil)), same([], TestPoint(time: -1)), same([], TestPoint(time: 1_001)),
        changed(.noTime, TestPoint(time: nil), to: TestPoint(time: 5_000_000), "time.missing", .redated),
        changed(.timesBefore1970, TestPoint(time: -1), to: TestPoint(time: 0), "time.before-1970", .redated),
        changed(
            .timesBefore1970, TestPoint(time: .min), to: TestPoint(time: 0), "time.before-1970", .redated),
        same(.timesBefore1970, TestPoint(time: 0)),
        changed(.microseconds, TestPoint(time: 1_999), to: TestPoint(time: 1_000), "time.rounded", .rounded),
        changed(.microseconds, TestPoint(time: -1), to: TestPoint(time: -1_000), "time.rounded", .rounded),
        changed(
            .microseconds, TestPoint(time: -1_001), to: TestPoint(time: -2_000), "time.rounded", .rounded),
        same(.microseconds, TestPoint(time: -2_000)),
        changed(
            .microseconds, TestPoint(time: .max), to: TestPoint(time: .max / 1000 * 1000), "time.rounded",
            .rounded),
        // There is no whole millisecond below it.
        changed(
            .microseconds, TestPoint(time: .min), to: TestPoint(time: .min / 1000 * 1000), "time.rounded",
            .rounded),
    ]

    private static let values: [Case] = [
        same([], TestPoint(value: .nan)), same([], TestPoint(value: -.infinity)),
        same([], TestPoint(value: -0.0)),
        changed(.nan, TestPoint(value: .nan), to: nil, "value.nan", .dropped),
        changed(.nan, TestPoint(value: .signalingNaN), to: nil, "value.nan", .dropped),
        same(.nan, TestPoint(value: .infinity)),
        changed(
            .infinity, TestPoint(value: .infinity), to: TestPoint(value: .greatestFiniteMagnitude),
            "value.clamped",
            .rounded),
        changed(
            .infinity, TestPoint(value: -.infinity), to: TestPoint(value: -.greatestFiniteMagnitude),
            "value.clamped",
            .rounded),
        same(.infinity, TestPoint(value: .nan)),
        changed(
            .negativeZero, TestPoint(value: -0.0), to: TestPoint(value: 0), "value.negative-zero", .rounded),
        same(.negativeZero, TestPoint(value: -.leastNonzeroMagnitude)),
    ]

    @Test(arguments: steps + times + values)
    func onePoint(of test: Case) throws {
        let mapping = try testMapping(without: test.missing, multiplier: test.multiplier)
        let result = try mapping.map(TestPoint.batch([test.point]))
        #expect(TestPoint.all(result.batch) == [test.out].compactMap { $0 })
        #expect(result.lossRows == (test.code.map { [$0: 1] } ?? [:]))
        if let code = test.code { #expect(result.kind(code) == test.kind && result.losses[0].path == "a") }
        #expect(result.dropped == (test.out == nil ? 1 : 0))
    }

    @Test func batchThatFitsPassesUntouched() throws {
        let batch = try TestPoint.batch([
            TestPoint(), TestPoint("b", step: Step(2)), TestPoint(step: Step(3)),
        ])
        let result = try testMapping(without: Abilities.all).map(batch)
        #expect(result.batch === batch && result.losses.isEmpty)
    }

    @Test func runWithoutAStartHasItsCreationElseTheFirstMoment() throws {
        let batch = try TestPoint.batch([TestPoint(time: nil)])
        func time(_ started: Int64?, _ created: Int64?) throws -> Int64? {
            TestPoint.all(
                try testMapping(without: .noTime, started: started, created: created).map(batch).batch)[0]
                .time
        }
        #expect(try time(nil, 7) == 7_000)
        #expect(try time(nil, nil) == 0)
        #expect(try time(-9, nil) == 0)
        #expect(try time(.max, nil) == .max / 1000 * 1000)
    }

    @Test func namesOfMetricsChangeAndThoseOfOtherScopesDoNot() throws {
        let rule = try NameRule(.mlflowMetric)
        let map = NameMap.build(names: ["a@b", "é", "e\u{301}", "plain"], rule: rule)
        let points = ["a@b", "plain", "é", "e\u{301}"].map { TestPoint($0) }
        let metric = try testMapping(names: [.metric: map]).map(TestPoint.batch(points))
        #expect(TestPoint.all(metric.batch).map(\.path) == points.map { map[$0.path] })
        #expect(map["a@b"] == "a_b" && metric.losses.isEmpty, "renames are told once a unit, not once a row")
        let other = try testMapping(names: [.parameter: map, .file: map]).map(TestPoint.batch(points))
        #expect(TestPoint.all(other.batch) == points)
    }

    @Test func nothingIsLeftOfABatchWhoseRowsAllGo() throws {
        let result = try testMapping(without: .nan).map(
            TestPoint.batch([TestPoint(value: .nan), TestPoint("b", value: .nan)]))
        #expect(result.batch == nil && result.dropped == 2 && result.losses[0].path == "a")
    }

    @Test func emptyBatchMakesNoLoss() throws {
        for table in Table.allCases {
            let columns = table.columns.filter(\.isRequired).map { rule in
                (
                    name: rule.name,
                    data: rule.kind == .float64
                        ? ColumnData.float64([]) : rule.kind == .floatList ? .floatList([]) : .text([])
                )
            }
            let result = try testMapping(tables: [.points]).map(RecordBatch(table, columns))
            #expect(result.losses.isEmpty && result.dropped == 0)
        }
    }
}

extension MappingPointsBatchTests.Case: CustomTestStringConvertible {
    var testDescription: String { "\(point) × \(multiplier) → \(out.map { "\($0)" } ?? "dropped")" }
}
