// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// One rule that a plugin broke, with what was seen.
package struct Finding: Error, Codable, Sendable, Equatable {
    /// Of `plugin-sdk/RULES.md`.
    package var rule: String
    package var expected: String
    package var happened: String

    package init(_ rule: String, expected: String, happened: String) {
        self.rule = rule
        self.expected = expected
        self.happened = happened
    }
}

extension Finding {
    /// A call failed where it had to succeed.
    init(_ rule: String, _ doing: String, _ error: HostError) {
        self.init(rule, expected: "\(doing) succeeds", happened: "\(error)")
    }
}

/// How one test ended.
package enum Outcome: Sendable, Equatable {
    /// With what it looked at, when that is worth telling.
    case passed(String)
    case failed([Finding])
    /// Failed, as the manifest says it does.
    case gap(reason: String, [Finding])
    /// The manifest calls it a gap, and it passes.
    case gapClosed(reason: String)
    case skipped(String)
}

package struct TestResult: Sendable {
    package var test: String
    package var level: Level
    package var summary: String
    package var outcome: Outcome
    package var seconds: Double

    package init(test: String, level: Level, summary: String, outcome: Outcome, seconds: Double) {
        self.test = test
        self.level = level
        self.summary = summary
        self.outcome = outcome
        self.seconds = seconds
    }
}
