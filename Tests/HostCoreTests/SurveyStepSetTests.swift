// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct SurveyStepSetTests {
    private func batch(_ steps: [Step?]) throws -> RecordBatch {
        try RecordBatch(
            .points,
            [
                ("path", .text(steps.map { _ in "m" })), ("step", .int64(steps.map { $0?.whole })),
                ("millionths", .int32(steps.map { $0.flatMap { $0.millionths == 0 ? nil : $0.millionths } })),
                ("value", .denseFloat64(steps.map { _ in 0 })),
            ])
    }

    private func check(_ batches: [[Step?]], _ note: Comment? = nil) throws {
        var whole = StepSet()
        var parts = StepSet()
        for steps in batches {
            whole.add(try batch(steps))
            var part = StepSet()
            part.add(try batch(steps))
            parts.add(part)
        }
        let all = batches.flatMap { $0 }.compactMap { $0 }
        #expect(whole.total == all.count, note)
        #expect(whole.distinct == Set(all).count, note)
        #expect(whole.least == all.min() && whole.most == all.max(), note)
        #expect(parts == whole, "merged sets are the same as one set; \(note?.rawValue ?? "")")
    }

    @Test func emptyHasNoEnds() throws {
        try check([])
        try check([[nil, nil]])
    }

    @Test func pagesMeetAtTheirBorders() throws {
        try check([(-130...130).map { Step($0) }, (-64...64).reversed().map { Step($0) }])
    }

    @Test func extremesAreSteps() throws {
        try check([[Step(.min), Step(.max), Step(0), Step(-1), nil]])
        try check([[Step(.max), Step(.max)]])
    }

    @Test func fractionsLieBetweenWholes() throws {
        try check([
            [Step(2), Step(2, millionths: 500_000), Step(-1, millionths: 750_000), Step(3)],
            [Step(2, millionths: 500_000)],
        ])
        try check([[Step(-5, millionths: 1), Step(9, millionths: 999_999)]], "ends are fractions")
    }

    @Test(arguments: [UInt64(1), 7, 20_250_106])
    func agreesWithASet(seed: UInt64) throws {
        var state = seed
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let batches = (0..<4).map { number in
            (0..<3_000).map { _ -> Step? in
                if random(20) == 0 { return nil }
                // Dense and interleaved, then far apart as times are.
                let whole = number < 2 ? Int64(random(500)) - 250 : Int64(random(1 << 30)) << 9 - 1 << 38
                return Step(whole, millionths: random(5) == 0 ? Int32(random(3)) * 250_000 : 0)
            }
        }
        try check(batches, "seed \(seed)")
    }
}
