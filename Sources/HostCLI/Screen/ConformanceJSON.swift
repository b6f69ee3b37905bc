// SPDX-License-Identifier: Apache-2.0

package import HostConformance

/// Results of `host plugin test` for programs.
package enum ConformanceJSON {
    package static func line(_ report: ConformanceReport) -> JSONLine {
        JSONLine([
            ("library", .text(report.library)), ("name", .text(report.name)),
            ("version", .text(report.version)),
            ("seed", .decimal("\(report.seed)")),
            ("level", report.level.map { .integer(Int64($0.rawValue)) } ?? .null),
            ("passed", .integer(Int64(report.passes))), ("failed", .integer(Int64(report.failures))),
            ("gaps", .integer(Int64(report.gaps))), ("skipped", .integer(Int64(report.skipped))),
            ("seconds", .number(report.seconds)),
            ("tests", .list(report.results.map { .object(result($0)) })),
        ])
    }

    private static func result(_ result: TestResult) -> JSONLine {
        var line = JSONLine([
            ("test", .text(result.test)), ("level", .integer(Int64(result.level.rawValue))),
            ("outcome", .text(result.outcome.word)), ("seconds", .number(result.seconds)),
        ])
        if let note = result.outcome.remark { line.add("note", .text(note)) }
        line.add(
            "findings",
            .list(
                result.outcome.findings.map {
                    .object(
                        JSONLine([
                            ("rule", .text($0.rule)), ("expected", .text($0.expected)),
                            ("happened", .text($0.happened)),
                        ]))
                }))
        return line
    }
}

extension Outcome {
    var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .gap: "gap"
        case .gapClosed: "gap-closed"
        case .skipped: "skipped"
        }
    }

    /// What the test said, or why it did not run.
    var remark: String? {
        switch self {
        case .passed(let note): note.isEmpty ? nil : note
        case .failed: nil
        case .gap(let reason, _), .gapClosed(let reason), .skipped(let reason): reason
        }
    }
}
