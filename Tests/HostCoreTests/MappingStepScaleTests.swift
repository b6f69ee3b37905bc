// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct MappingStepScaleTests {
    @Test(
        arguments: [
            (Step(7), 1, Step(7)), (Step(2, millionths: 500_000), 1, Step(2, millionths: 500_000)),
            (Step(2, millionths: 500_000), 2, Step(5)), (Step(-1, millionths: 750_000), 100, Step(-25)),
            (Step(-1, millionths: 750_000), 1, Step(-1, millionths: 750_000)),
            (Step(-1, millionths: 750_000), 3, Step(-1, millionths: 250_000)),
            (Step(0, millionths: 1), 1_000_000, Step(1)),
            (Step(0, millionths: 333_333), 3, Step(0, millionths: 999_999)),
            (Step(-7), 1_000, Step(-7_000)), (Step(.min), 1, Step(.min)),
            (Step(.max / 2, millionths: 500_000), 2, Step(.max)),
        ] as [(Step, Int64, Step)])
    func scaledSteps(step: Step, multiplier: Int64, expected: Step) throws {
        #expect(try StepScale(multiplier).scaled(step) == expected)
    }

    @Test(
        arguments: [
            (Step(.max), 2), (Step(.min), 2), (Step(.max, millionths: 1), .max),
            (Step(.max / 2 + 1, millionths: 1), 2),
            (Step(.min, millionths: 999_999), .max),
        ] as [(Step, Int64)])
    func productWithoutRoomIsNoStep(step: Step, multiplier: Int64) throws {
        #expect(try StepScale(multiplier).scaled(step) == nil)
    }

    @Test func multiplierIsAtLeastOne() throws {
        #expect(hostError { _ = try StepScale(0) }?.status == .invalidOption)
        #expect(hostError { _ = try StepScale(-1) }?.status == .invalidOption)
        #expect(try StepScale().isIdentity && !StepScale(2).isIdentity)
    }

    @Test func scalingAgreesWithWideArithmetic() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let step = Step(
                Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator),
                millionths: Int32.random(in: 0..<1_000_000, using: &generator))
            let multiplier = Int64.random(in: 1...1_000_000, using: &generator)
            let scaled = try #require(try StepScale(multiplier).scaled(step), "seed \(seed)")
            let exact = (Int128(step.whole) * 1_000_000 + Int128(step.millionths)) * Int128(multiplier)
            #expect(Int128(scaled.whole) * 1_000_000 + Int128(scaled.millionths) == exact, "seed \(seed)")
            #expect((0..<1_000_000).contains(scaled.millionths), "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            (Step(3), 3, false), (Step(2, millionths: 500_000), 2, true),
            (Step(3, millionths: 500_000), 4, true),
            (Step(2, millionths: 500_001), 3, true), (Step(2, millionths: 499_999), 2, true),
            (Step(-1, millionths: 750_000), 0, true), (Step(-1, millionths: 500_000), 0, true),
            (Step(-2, millionths: 500_000), -2, true), (Step(.max, millionths: 499_999), .max, true),
        ] as [(Step, Int64, Bool)])
    func roundingGoesToTheEvenOfTwoAsNear(step: Step, whole: Int64, changed: Bool) throws {
        let rounded = try #require(step.roundedToWhole)
        #expect(rounded.whole == whole && rounded.changed == changed)
    }

    @Test func roundingAboveTheLargestStepIsNoStep() {
        #expect(Step(.max, millionths: 500_000).roundedToWhole == nil)
    }
}
