// SPDX-License-Identifier: Apache-2.0

internal import HostConformance
internal import HostRecords
internal import Testing

@Suite struct ReportTests {
    private func report(_ outcomes: [(Level, Outcome)]) -> ConformanceReport {
        ConformanceReport(
            library: "", name: "x", version: "1", seed: 1,
            results: outcomes.enumerated().map { index, pair in
                TestResult(test: "t\(index)", level: pair.0, summary: "", outcome: pair.1, seconds: 0)
            }, isPartial: false, seconds: 0)
    }

    private let failure = Outcome.failed([Finding("R-LOAD-1", expected: "", happened: "")])

    @Test func theLevelEndsBelowTheFirstFailure() {
        #expect(
            report([(.load, .passed("")), (.describe, failure), (.lifecycle, .passed(""))]).level == .load)
        #expect(report([(.load, failure), (.describe, .passed(""))]).level == nil)
    }

    @Test func gapsAndWhatCanNotBeRunAreNoFailures() {
        let result = report([
            (.load, .passed("")), (.describe, .gap(reason: "", [])), (.exporter, .skipped("")),
            (.loader, .passed("")),
        ])
        #expect(result.level == .loader)
        #expect(result.gaps == 1)
    }

    @Test func aLevelOfWhichNothingRanIsNotReachedByIt() {
        #expect(report([(.load, .passed("")), (.describe, .skipped(""))]).level == .load)
    }

    @Test func unknownNamesOfTestsAndGapsAreRefused() throws {
        var setup = ConformanceSetup()
        setup.gaps["no-such"] = "reason"
        #expect(throws: HostError.self) {
            try ConformanceSuite(library: "/x", setup: setup, settings: ConformanceSettings())
        }
        var settings = ConformanceSettings()
        settings.tests = ["no-such"]
        #expect(throws: HostError.self) {
            try ConformanceSuite(library: "/x", setup: ConformanceSetup(), settings: settings)
        }
    }

    @Test func everyTestHasANameOfItsOwnAndTheLevelsAreInOrder() {
        let tests = ConformanceSuite.tests
        #expect(Set(tests.map(\.name)).count == tests.count)
        #expect(tests.map(\.level) == tests.map(\.level).sorted())
        #expect(Set(tests.map(\.level)) == Set(Level.allCases))
        #expect(tests.allSatisfy { DescribedText.isKebab($0.name) })
    }

    @Test func killsAreSpreadOverTheWholeLoad() {
        #expect(Spread.of(3, most: 16) == [1, 2, 3])
        let many = Spread.of(1000, most: 16)
        #expect(many.count == 16 && many.first == 1 && many.last == 1000)
        #expect(Set(many).count == 16)
    }

    @Test func aSeedBringsTheSameRowsBack() throws {
        func rows(_ seed: UInt64) throws -> [String] {
            var random = SeededGenerator(seed: seed, purpose: "rows")
            return try RandomRows.batches(&random).flatMap { RowText.lines($0) { $0 } }
        }
        #expect(try rows(5) == rows(5))
        #expect(try rows(5) != rows(6))
    }

    @Test func defaultsAreCheckedAsTheCommandReadsValues() {
        func problem(_ value: String, _ kind: OptionSpec.Kind, choices: [String] = []) -> String? {
            DefaultValue.problem(value, OptionSpec("x", kind, choices: choices, summary: ""))
        }
        for (value, kind) in [
            ("1", OptionSpec.Kind.int), ("2h", .duration), ("64KiB", .size), ("no", .bool), ("1.5", .float),
        ] {
            #expect(problem(value, kind) == nil)
        }
        for (value, kind) in [
            ("1.5", OptionSpec.Kind.int), ("2y", .duration), ("-1B", .size), ("maybe", .bool),
            ("nan", .float),
        ] {
            #expect(problem(value, kind) != nil)
        }
        #expect(problem("c", .text, choices: ["a", "b"]) != nil)
    }
}
