// SPDX-License-Identifier: Apache-2.0

package import HostConformance

/// Results of `host plugin test` in the XML that test servers read: gaps and what was not run count as skipped.
package enum ConformanceJUnit {
    package static func document(_ report: ConformanceReport) -> String {
        let suites = Level.allCases.compactMap { level -> String? in
            let own = report.results.filter { $0.level == level }
            guard !own.isEmpty else { return nil }
            let failures = own.count { $0.outcome.isFailure }
            let skipped = own.count { !$0.outcome.isFailure && !$0.outcome.isPass }
            let seconds = own.reduce(0) { $0 + $1.seconds }
            return """
                  <testsuite name="\(level.rawValue) \(level.label)" tests="\(own.count)" failures="\(failures)" \
                skipped="\(skipped)" time="\(time(seconds))">
                \(own.map { testCase($0, report) }.joined(separator: "\n"))
                  </testsuite>
                """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="\(escaped(report.name))" tests="\(report.results.count)" \
            failures="\(report.failures)" time="\(time(report.seconds))">
            \(suites.joined(separator: "\n"))
            </testsuites>

            """
    }

    private static func testCase(_ result: TestResult, _ report: ConformanceReport) -> String {
        let head =
            "    <testcase classname=\"\(escaped(report.name)).\(result.level.rawValue)\" "
            + "name=\"\(escaped(result.test))\" time=\"\(time(result.seconds))\""
        let inner: String
        switch result.outcome {
        case .passed, .gapClosed: return head + "/>"
        case .failed(let findings):
            inner = findings.map { finding in
                "      <failure type=\"\(escaped(finding.rule))\" message=\"\(escaped(finding.happened))\">"
                    + "expected: \(escaped(finding.expected))&#10;seed: \(report.seed)</failure>"
            }.joined(separator: "\n")
        case .gap(let reason, _): inner = "      <skipped message=\"\(escaped("gap: \(reason)"))\"/>"
        case .skipped(let reason): inner = "      <skipped message=\"\(escaped(reason))\"/>"
        }
        return "\(head)>\n\(inner)\n    </testcase>"
    }

    private static func time(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }

    /// XML 1.0 has no place for most control characters, not even escaped.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
