// SPDX-License-Identifier: Apache-2.0

package import HostConformance

/// Results of `host plugin test` for people: a block for each level, and under a failure what to know of it.
package struct ConformanceText: Sendable {
    private let traits: TerminalTraits
    /// How the run is repeated, without the test.
    private let command: String
    private let nameWidth = 22

    package init(_ traits: TerminalTraits, command: String) {
        self.traits = traits
        self.command = command
    }

    /// Every test, for those who look for a name.
    package static var tests: [String] {
        var table = TextTable([.init("level"), .init("test"), .init("asks", isFlexible: true)])
        for test in ConformanceSuite.tests {
            table.add(["\(test.level.rawValue) \(test.level.label)", test.name, test.summary])
        }
        return table.lines()
    }

    package func head(_ library: String, _ seed: UInt64) -> [String] {
        ["\(library)", "seed \(seed)"]
    }

    package func lines(_ result: TestResult, isFirst: Bool) -> [String] {
        var lines = isFirst ? ["", "\(result.level.rawValue) \(result.level.label)"] : []
        let name = CellText.padded(result.test, to: nameWidth)
        switch result.outcome {
        case .passed(let note):
            lines += wrapped("  ✓ \(name) \(note.isEmpty ? result.summary : "\(result.summary) (\(note))")")
        case .failed(let findings):
            lines += wrapped("  ✗ \(name) \(result.summary)")
            lines += details(findings)
            lines += wrapped("      again:    \(command) --test \(result.test)")
        case .gap(let reason, let findings):
            lines += wrapped("  – \(name) gap: \(reason)")
            lines += findings.prefix(1).flatMap { wrapped("      \($0.rule): \($0.happened)") }
        case .gapClosed(let reason):
            lines += wrapped("  ✓ \(name) \(result.summary)")
            lines += wrapped("      gap no longer needed: \(reason)")
        case .skipped(let reason):
            lines += wrapped("  – \(name) skipped: \(reason)")
        }
        return lines
    }

    private func details(_ findings: [Finding]) -> [String] {
        let most = 5
        var lines = findings.prefix(most).flatMap { finding in
            wrapped("      \(finding.rule)") + wrapped("      expected: \(finding.expected)")
                + wrapped("      happened: \(finding.happened)")
        }
        if findings.count > most { lines.append("      and \(findings.count - most) more findings") }
        return lines
    }

    package func foot(_ report: ConformanceReport) -> [String] {
        let counts = [
            "\(report.passes) passed", "\(report.failures) failed", "\(report.gaps) gaps",
            "\(report.skipped) skipped",
        ].joined(separator: ", ")
        let level =
            report.level.map { "conformance \($0.rawValue) of \(Level.fuzz.rawValue)" }
            ?? (report.isPartial ? "the tests that were asked for" : "no level reached")
        var lines = ["", "\(report.name.isEmpty ? "plugin" : "\(report.name) \(report.version)"): \(level)"]
        lines.append("\(counts), seed \(report.seed), \(Int(report.seconds.rounded())) s")
        if report.closedGaps > 0 {
            lines.append("\(report.closedGaps) gaps are no longer needed: remove them from the manifest")
        }
        return lines
    }

    private func wrapped(_ text: String) -> [String] {
        // Words alone are wrapped, so the indent goes in front again.
        let lead = text.prefix { $0 == " " }
        let lines = TextWrap.lines(
            String(text.dropFirst(lead.count)), width: traits.textWidth.map { $0 - lead.count }, indent: 4)
        return lines.map { lead + $0 }
    }
}
