// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The parent's side of one test: it starts children and judges how they ended.
///
/// Thread rule: one thread.
final class Driver {
    let subject: Subject
    let test: any ConformanceTest
    let settings: ConformanceSettings
    let scratch: String
    /// What all stages found.
    private(set) var findings: [Finding] = []
    private let started = ContinuousClock().now

    init(_ subject: Subject, _ test: any ConformanceTest, _ settings: ConformanceSettings, scratch: String) {
        self.subject = subject
        self.test = test
        self.settings = settings
        self.scratch = scratch
    }

    /// Of the test's time limit.
    var secondsLeft: Double {
        settings.timeLimit - started.duration(to: ContinuousClock().now) / .seconds(1)
    }

    func note(_ finding: Finding) { if !findings.contains(finding) { findings.append(finding) } }

    /// A folder for what belongs together.
    func folder(_ name: String) throws(Finding) -> String {
        let path = "\(scratch)/\(name)"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Finding("kit", expected: "a folder can be made", happened: "\(error)")
        }
        return path
    }

    /// Runs one stage in a child. A crash or a hang is thrown; findings of the child are thrown with it.
    @discardableResult
    func stage(
        _ name: String, _ parameters: [String: String] = [:], scratch: String? = nil,
        mayBeKilled: Bool = false,
        environment: [String: String]? = nil
    ) throws(Finding) -> StageResult {
        let folder = scratch ?? self.scratch
        let testCase = TestCase(
            library: subject.library, test: test.name, stage: name, parameters: parameters,
            seed: settings.seed,
            scratch: folder, timeLimit: max(secondsLeft, 1), fuzzSeconds: settings.fuzzSeconds,
            setup: subject.setup, briefing: subject.briefing)
        if settings.isInProcess { return runHere(testCase) }
        guard let input = try? JSONEncoder().encode(testCase) else {
            throw Finding("kit", expected: "the case can be sent", happened: "it can't be encoded")
        }
        var child = ChildProcess()
        if let executable = settings.executable { child.executable = executable }
        child.environment = environment
        let end = try child.run(input, scratch: folder, limit: max(secondsLeft, 1))
        let result = read(end)
        for finding in result.findings { note(finding) }
        if let failure = ending(end, result, mayBeKilled) {
            note(failure)
            throw failure
        }
        if !mayBeKilled || end.signal == 0 { checkSilence(end) }
        if let first = result.findings.first { throw first }
        return result
    }

    /// For a debugger: no child, no time limit, and a crash is the end.
    private func runHere(_ testCase: TestCase) -> StageResult {
        let pipe = EventPipe(descriptor: nil)
        ConformanceChild.run(testCase, pipe)
        for finding in pipe.findings { note(finding) }
        return StageResult(findings: pipe.findings, values: pipe.values, note: pipe.lastNote)
    }

    private func read(_ end: ChildProcess.End) -> StageResult {
        var result = StageResult()
        for line in end.lines {
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            guard parts.count == 2, let kind = EventPipe.Kind(rawValue: parts[0]) else { continue }
            switch kind {
            case .call: result.calls.append(parts[1])
            case .finding:
                if let finding = try? JSONDecoder().decode(Finding.self, from: Data(parts[1].utf8)) {
                    result.findings.append(finding)
                }
            case .durable: result.acknowledged += UInt64(parts[1]).map { [$0] } ?? []
            case .value:
                let pair = parts[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if pair.count == 2 { result.values[String(pair[0])] = String(pair[1]) }
            case .note: result.note = parts[1]
            case .crash, .end: break
            }
        }
        result.wasKilled = end.signal == SIGKILL && !end.isHung
        return result
    }

    /// The finding in how the process ended; nil when it ended as it should.
    private func ending(_ end: ChildProcess.End, _ result: StageResult, _ mayBeKilled: Bool) -> Finding? {
        let call = result.calls.last ?? "the start"
        if end.isHung {
            return Finding(
                hangRule(call), expected: "\(call) returns",
                happened: "hung in \(call): ended after \(Int(settings.timeLimit)) s")
        }
        if end.lines.last == "E\t" { return nil }
        if result.wasKilled, mayBeKilled { return nil }
        if end.signal != 0 {
            return Finding(
                crashRule(end, call), expected: "\(call) returns",
                happened: "crashed: \(CrashSignals.name(end.signal)) in \(call)\(lastWords(end))")
        }
        return Finding(
            "R-LIFE-12", expected: "\(call) returns",
            happened: "the process ended itself with \(end.status) in \(call)")
    }

    private func hangRule(_ call: String) -> String {
        call.hasSuffix(".cancel") || call.hasSuffix("(cancelled)") ? "R-LIFE-8" : test.hangRule
    }

    /// The signal's handler wrote which memory was touched.
    private func crashRule(_ end: ChildProcess.End, _ call: String) -> String {
        let mark = end.lines.last { $0.hasPrefix("S\t") }?.last
        if mark == "2" { return "R-LOADER-6" }
        if mark == "1" { return "R-LIFE-3" }
        // Whatever the test is about: being described must not crash.
        if ["dlopen", "host_plugin_v0", "reading the descriptor"].contains(call) { return "R-LOAD-8" }
        return test.crashRule
    }

    private func lastWords(_ end: ChildProcess.End) -> String {
        let lines = end.errors.split(separator: "\n").filter {
            !$0.trimmingCharacters(in: .whitespaces).isEmpty
        }
        return lines.first.map { " (\($0.prefix(200)))" } ?? ""
    }

    private func checkSilence(_ end: ChildProcess.End) {
        for (text, name) in [(end.output, "standard output"), (end.errors, "standard error")]
        where !text.isEmpty {
            note(
                Finding(
                    "R-LIFE-11", expected: "nothing on \(name)",
                    happened: "'\(text.prefix(120).replacing("\n", with: "⏎"))'"))
        }
    }
}
