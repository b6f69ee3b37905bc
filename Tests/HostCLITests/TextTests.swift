// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCLI
import Testing

@Suite struct TextTests {
    @Test(
        arguments: [
            (0, "0", "0"), (999, "999", "999"), (1_204, "1,204", "1,204"), (99_999, "99,999", "99,999"),
            (100_000, "100,000", "100 k"), (212_990, "212,990", "213 k"), (999_499, "999,499", "999 k"),
            (999_600, "999,600", "1.00 M"), (88_212_345, "88,212,345", "88.2 M"),
            (301_442_018, "301,442,018", "301 M"),
            (-1_234_567, "-1,234,567", "-1.23 M"), (.max, "9,223,372,036,854,775,807", "9.22 E"),
            (.min, "-9,223,372,036,854,775,808", "-9.22 E"),
        ] as [(Int64, String, String)])
    func numbers(number: Int64, grouped: String, compact: String) {
        #expect(NumberText.grouped(number) == grouped)
        #expect(NumberText.compact(number) == compact)
    }

    @Test(
        arguments: [(0, "0 B"), (1_023, "1023 B"), (1_024, "1.00 KiB"), (44_238_012_416, "41.2 GiB")]
            as [(Int64, String)])
    func bytes(number: Int64, text: String) {
        #expect(NumberText.bytes(number) == text)
    }

    @Test func wholeIsSaidOfTheWholeOnly() {
        #expect(NumberText.percent(4_109, of: 4_110) == "99%")
        #expect(NumberText.percent(4_110, of: 4_110) == "100%")
        #expect(NumberText.percent(0, of: 0) == "0%")
    }

    @Test(
        arguments: [
            (20, "under 1 min left"), (150, "about 3 min left"), (1_700, "about 30 min left"),
            (3_299, "about 55 min left"),
            (3_300, "about 1 h left"), (5_990, "about 1 h 40 min left"), (36_000, "about 10 h left"),
            (200_000, "about 2 days left"),
        ] as [(Double, String)])
    func timeLeft(seconds: Double, text: String) {
        #expect(TimeText.left(seconds) == text)
    }

    @Test func clocks() {
        #expect(
            TimeText.clock(2_470) == "00:41:10" && TimeText.clock(360_000) == "100:00:00"
                && TimeText.clock(-1) == "00:00:00")
        #expect(TimeText.countdown(22.1) == "00:23" && TimeText.countdown(3_600) == "01:00:00")
    }

    @Test func utcAgreesWithFoundation() {
        let formatter = ISO8601DateFormatter()
        // From 1600 on: before 1582 Foundation counts by the Julian calendar.
        for second in stride(from: Int64(-11_676_096_000), to: 4_102_444_800, by: 86_400 * 97 + 4_321) {
            let expected =
                formatter.string(from: Date(timeIntervalSince1970: Double(second))).dropLast() + ".007Z"
            #expect(TimeText.utc(milliseconds: second * 1_000 + 7) == expected)
        }
        #expect(TimeText.utc(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
        #expect(TimeText.utc(milliseconds: 1_709_164_800_000) == "2024-02-29T00:00:00.000Z")
    }

    @Test func cellsAreCounted() {
        #expect(CellText.width("abc") == 3 && CellText.width("准确率") == 6 && CellText.width("e\u{301}") == 1)
        #expect(
            CellText.width("🙂") == 2 && CellText.width("👨‍👩‍👧") == 2 && CellText.width("🇩🇪") == 2
                && CellText.width("") == 0)
        #expect(
            CellText.cut("准确率", to: 5) == "准确…" && CellText.cut("准确率", to: 4) == "准…"
                && CellText.cut("准确率", to: 6) == "准确率")
        #expect(CellText.cut("abc", to: 0) == "" && CellText.cut("abc", to: 1) == "…")
        #expect(CellText.padded("准", to: 4) == "准  " && CellText.padded("7", to: 3, right: true) == "  7")
        #expect(CellText.cleaned("a\u{1B}[0m\u{202E}\u{85}👨‍👩‍👧") == "a?[0m??👨‍👩‍👧")
    }

    @Test func tablesAlignAndCutOnlyWhereThereIsAWidth() {
        var table = TextTable([.init("name", isFlexible: true), .init("rows", .right), .init("state")])
        table.add(["准确率 and a long tail", "7"])
        table.add(["b", "1,204", "complete"])
        #expect(
            table.lines() == [
                "name                     rows  state", "准确率 and a long tail      7",
                "b                       1,204  complete",
            ])
        #expect(
            table.lines(width: 30) == [
                "name            rows  state", "准确率 and a…      7", "b              1,204  complete",
            ])
    }

    @Test func tableThatIsTooWideGoesOnBelow() {
        var table = TextTable([.init("")] + ["one", "two", "three"].map { .init($0, .right) })
        table.add(["row", "11,111", "22,222", "33,333"])
        #expect(
            table.lines(width: 20) == [
                "        one     two", "row  11,111  22,222", "", "      three", "row  33,333",
            ])
    }

    @Test func wrappedTextLosesNothing() {
        let text = "loss  of value: " + String(repeating: "path/", count: 12) + " and so on"
        let lines = TextWrap.lines(text, width: 20, indent: 2)
        #expect(lines.allSatisfy { CellText.width($0) <= 20 })
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
        #expect(TextWrap.lines("", width: 10) == [""])
        #expect(TextWrap.lines("a b", width: nil) == ["a b"])
    }
}

@Suite struct TimeLeftTests {
    @Test func steadyPaceIsToldAfterAWhile() throws {
        var left = TimeLeft()
        var firstTold: Double?
        for second in stride(from: 0.0, through: 120, by: 0.2) {
            let estimate = left.update(elapsed: second, done: 500 + Int(second), total: 1_500)
            if let estimate {
                firstTold = firstTold ?? second
                #expect(abs(estimate - (1_000 - second)) < 60)
            }
        }
        let told = try #require(firstTold)
        #expect(told >= 15 && told < 40)
    }

    @Test func jumpingPaceIsNotTold() {
        var left = TimeLeft()
        // The pace grows threefold in the time that must agree.
        for second in stride(from: 0.0, through: 100, by: 2) {
            #expect(left.update(elapsed: second, done: Int(pow(1.1, second)), total: 1_000_000) == nil)
        }
    }

    @Test func unknownTotalIsNotToldAndTheEndIsNoEstimate() {
        var left = TimeLeft()
        for second in 0..<100 {
            #expect(left.update(elapsed: Double(second), done: second, total: nil) == nil)
        }
        #expect(left.update(elapsed: 101, done: 10, total: 10) == nil)
    }
}
