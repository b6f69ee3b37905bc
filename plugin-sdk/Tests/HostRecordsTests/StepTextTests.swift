// SPDX-License-Identifier: Apache-2.0

import HostRecords
import Testing

@Suite struct StepTextTests {
    @Test(
        arguments: [
            (Step(7), "7"), (Step(0), "0"), (Step(-3), "-3"), (Step(2, millionths: 500_000), "2.5"),
            (Step(-1, millionths: 750_000), "-0.25"), (Step(-1, millionths: 999_999), "-0.000001"),
            (Step(0, millionths: 1), "0.000001"), (Step(-3, millionths: 100_000), "-2.9"),
            (Step(.max, millionths: 999_999), "9223372036854775807.999999"),
            (Step(.min), "-9223372036854775808"),
            (Step(.min, millionths: 1), "-9223372036854775807.999999"),
        ] as [(Step, String)])
    func textIsExact(step: Step, text: String) {
        #expect(step.description == text)
    }

    @Test func orderIsThatOfTheNumbers() {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let (a, b) = (Self.step(&random), Self.step(&random))
            let (left, right) = (Self.millionths(a), Self.millionths(b))
            #expect((a < b) == (left < right) && (a == b) == (left == right), "seed \(seed): \(a) and \(b)")
        }
    }

    private static func step(_ random: inout SeededGenerator) -> Step {
        Step(
            Int64.random(in: -2...2, using: &random),
            millionths: Int32.random(in: 0...3, using: &random) * 250_000)
    }

    private static func millionths(_ step: Step) -> Int64 { step.whole * 1_000_000 + Int64(step.millionths) }

    @Test func exactTextEqualsTheSameBytesOnly() {
        let (composed, decomposed) = (ExactText("é"), ExactText("e\u{301}"))
        #expect("é" == "e\u{301}" && composed != decomposed)
        #expect(Set([composed, decomposed, ExactText("é")]).count == 2)
        #expect(ExactText("a") < ExactText("b") && ExactText("Z") < ExactText("a"))
        #expect(decomposed < composed, "by bytes: 0x65 is below 0xC3")
        #expect(
            UnitRef(kind: "run", project: "p", id: "é") != UnitRef(kind: "run", project: "p", id: "e\u{301}"))
    }
}
