// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCLI
import HostCore
import HostRecords
import Testing

@Suite struct SurveyScreenTests {
    /// 12 runs and a model; runs 3 and 5 are the largest, with as many records each.
    private func sample() throws -> SurveyResult {
        var result = SurveyResult()
        for number in 0..<12 {
            let key = UnitKey(kind: "run", project: "team/p", id: "R-\(number)")
            let (project, kind) = result.place(key)
            let records = [3, 5].contains(number) ? 3 : Int64(1)
            result.projects[project].kinds[kind].units.append(
                SurveyResult.Unit(key: key, name: number == 3 ? "best" : nil, records: records))
            let steps: [Step] = (0..<records).map { Step($0, millionths: number == 5 ? 500_000 : 0) }
            result.projects[project].kinds[kind].tally.add(
                try RecordBatch(
                    .points,
                    [
                        ("path", .text(steps.map { _ in "loss" })), ("step", .int64(steps.map(\.whole))),
                        ("millionths", .int32(steps.map { $0.millionths == 0 ? nil : $0.millionths })),
                        ("value", .denseFloat64(steps.map { _ in 1 })),
                    ]))
        }
        let model = UnitKey(kind: "model", project: "team/p", id: "M")
        let (project, kind) = result.place(model)
        result.projects[project].kinds[kind].units.append(
            SurveyResult.Unit(key: model, name: nil, records: 0))
        result.unreadable.append(
            SurveyResult.Unreadable(
                unit: nil, error: HostError(.invalidData, "damaged.", subject: "x.parquet")))
        return result
    }

    @Test func textNamesTheLargestRunsFirst() throws {
        let text = SurveyText(TerminalTraits(isTerminal: false)).lines(try sample(), of: "parquet:/d")
        #expect(
            text.joined(separator: "\n") == """
                Summary of parquet:/d
                Projects: 1

                Project: team/p
                  Runs: 12
                  Total records: 16 (points 16)
                  Attribute types: float_series
                  Attribute breakdown:
                    float_series: 1 unique attributes
                  Step statistics:
                    Total steps: 16
                    Unique steps: 6
                    Range: 0.000000 - 2.500000
                  Run breakdown (top 5 by record count):
                    R-3 (best): 3 records
                    R-5: 3 records
                    R-0: 1 records
                    R-1: 1 records
                    R-2: 1 records
                    ... and 7 more runs
                  Run IDs: R-0, R-1, R-2, R-3, R-4 ... and 7 more

                Models and other units of team/p
                  model: 1
                    Total records: 0
                """)
    }

    @Test func jsonHoldsEveryRun() throws {
        let text = SurveyJSON.object(try sample()).text
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let project = try #require((object["projects"] as? [[String: Any]])?.first)
        #expect(project["units"] as? [String: Int] == ["model": 1, "run": 12])
        #expect((project["runs"] as? [[String: Any]])?.count == 12)
        #expect(project["attribute_types"] as? [String: Int] == ["float_series": 1])
        let steps = try #require(project["steps"] as? [String: Any])
        #expect(steps["max"] as? Double == 2.5 && steps["unique"] as? Int == 6)
        #expect(text.contains("\"max\":2.500000"))
        #expect((object["totals"] as? [String: Any])?["records"] as? Int == 16)
        #expect(((object["unreadable"] as? [[String: Any]])?.first)?["subject"] as? String == "x.parquet")
    }

    @Test func namesAreCutInTheirMiddle() {
        #expect(CellText.cutInMiddle("abcdefghij", to: 10) == "abcdefghij")
        #expect(CellText.cutInMiddle("abcdefghij", to: 7) == "abc…hij")
        #expect(CellText.cutInMiddle("abcdefghij", to: 6) == "abc…ij")
        #expect(CellText.width(CellText.cutInMiddle("准确率准确率准确率", to: 9)) <= 9)
        #expect(CellText.cutInMiddle("abcdef", to: 2) == "a…")
        #expect(CellText.cutInMiddle("abcdef", to: 0) == "")
    }

    @Test func errorsSayTheirSubjectOnce() {
        let words = ErrorText(TerminalTraits(isTerminal: false))
        let error = HostError(.io, "/a/b: no such file.", subject: "/a/b")
        #expect(words.lines(error) == ["/a/b: no such file. [io]"])
    }

    @Test func limitsAreSentences() {
        let limits = Limits(
            tables: [.fields, .points], abilities: [.nan], kinds: ["run"],
            names: [
                .metric: NameLimit(
                    [.asciiLetter, .asciiDigit], extra: "_ /", maxLength: 250, isNormalPath: true)
            ],
            maxText: 6_000)
        let lines = LimitsText.lines(limits)
        #expect(lines.contains("  Records: fields, points; not series, histograms, files, links, grants"))
        #expect(lines.contains("  Can: NaN"))
        #expect(
            lines.contains(
                "  Names of metrics and series: ASCII letters, ASCII digits, '_' space '/'; at most 250 "
                    + "characters; no part empty, '.' or '..'; others become '_'"))
        #expect(lines.contains("  Text of a field: at most 6,000 characters"))
    }
}
