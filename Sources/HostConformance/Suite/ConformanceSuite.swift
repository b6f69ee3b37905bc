// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// Runs the tests of a library, one after the other.
///
/// Thread rule: one thread.
package struct ConformanceSuite {
    private let library: String
    private let setup: ConformanceSetup
    private let settings: ConformanceSettings

    package init(library: String, setup: ConformanceSetup, settings: ConformanceSettings) throws(HostError) {
        self.library = library
        self.setup = setup
        self.settings = settings
        let known = Set(Registry.all.map(\.name))
        for name in settings.tests + setup.gaps.keys.sorted() where !known.contains(name) {
            throw HostError(
                .invalidOption, "There is no test of that name.", subject: name,
                remedy: "Tests: \(Registry.all.map(\.name).joined(separator: ", ")).")
        }
    }

    /// Every test's name, level and what it asks.
    package static var tests: [(name: String, level: Level, summary: String)] {
        Registry.all.map { ($0.name, $0.level, $0.summary) }
    }

    /// - Parameter onResult: gets each result as it is known.
    package func run(onResult: (TestResult) -> Void = { _ in }) throws(HostError) -> ConformanceReport {
        let started = ContinuousClock().now
        let root = try Self.scratchFolder()
        defer { Self.remove(root) }
        var setup = setup
        var service: ServiceProcess?
        if !setup.service.isEmpty, settings.level >= .lifecycle || !settings.tests.isEmpty {
            let running = try ServiceProcess(setup.service)
            setup = setup.replacing(running.values)
            service = running
        }
        defer { service?.stop() }
        let briefing = brief(setup, root)
        let subject = Subject(library: library, setup: setup, briefing: briefing)
        var results: [TestResult] = []
        for test in Registry.all where isWanted(test) {
            let result = run(test, subject, root)
            results.append(result)
            onResult(result)
        }
        return ConformanceReport(
            library: library, name: briefing.name, version: briefing.version, seed: settings.seed,
            results: results,
            isPartial: !settings.tests.isEmpty,
            seconds: started.duration(to: ContinuousClock().now) / .seconds(1))
    }

    private func isWanted(_ test: any ConformanceTest) -> Bool {
        settings.tests.isEmpty ? test.level <= settings.level : settings.tests.contains(test.name)
    }

    /// Asks the plugin in a child what it is. What goes wrong there the tests of the first levels find again.
    private func brief(_ setup: ConformanceSetup, _ root: String) -> Briefing {
        let subject = Subject(library: library, setup: setup, briefing: Briefing())
        var settings = settings
        settings.timeLimit = min(settings.timeLimit, 20)
        let driver = Driver(subject, BriefingStage(), settings, scratch: root)
        guard let result = try? driver.stage(""), let text = result.values["briefing"],
            let briefing = try? JSONDecoder().decode(Briefing.self, from: Data(text.utf8))
        else {
            var nothing = Briefing()
            nothing.problem = driver.findings.first.map { $0.happened } ?? "the plugin can't be described"
            return nothing
        }
        return briefing
    }

    private func run(_ test: any ConformanceTest, _ subject: Subject, _ root: String) -> TestResult {
        let started = ContinuousClock().now
        let outcome = outcome(test, subject, root)
        return TestResult(
            test: test.name, level: test.level, summary: test.summary, outcome: outcome,
            seconds: started.duration(to: ContinuousClock().now) / .seconds(1))
    }

    private func outcome(_ test: any ConformanceTest, _ subject: Subject, _ root: String) -> Outcome {
        // An author's gap may be there since the test can't even be run.
        if let reason = subject.setup.gaps[test.name], test.reasonToSkip(subject) != nil {
            return .gap(reason: reason, [])
        }
        if test.level > .describe, subject.briefing.name.isEmpty {
            return .skipped(subject.briefing.problem ?? "the plugin can't be described")
        }
        if let reason = test.reasonToSkip(subject) {
            let problem = test.level >= .lifecycle ? subject.briefing.problem : nil
            return .skipped(problem.map { "\(reason) (\($0))" } ?? reason)
        }
        let scratch = "\(root)/\(test.name)"
        do {
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        } catch {
            return .failed([Finding("kit", expected: "a folder can be made", happened: "\(error)")])
        }
        defer { Self.remove(scratch) }
        let driver = Driver(subject, test, settings, scratch: scratch)
        var note = ""
        do throws(Finding) { note = try test.drive(driver) } catch { driver.note(error) }
        let gap = subject.setup.gaps[test.name]
        if driver.findings.isEmpty { return gap.map { .gapClosed(reason: $0) } ?? .passed(note) }
        return gap.map { .gap(reason: $0, driver.findings) } ?? .failed(driver.findings)
    }

    private static func scratchFolder() throws(HostError) -> String {
        var path = Array(
            "\(NSTemporaryDirectory())/host-conformance-XXXXXX".replacing("//", with: "/").utf8CString)
        guard mkdtemp(&path) != nil else {
            throw HostError(
                .io, "No scratch folder can be made.", subject: NSTemporaryDirectory(), retry: .stop)
        }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Tests take rights away from folders.
    private static func remove(_ path: String) {
        let manager = FileManager.default
        for name in manager.enumerator(atPath: path) ?? FileManager.DirectoryEnumerator() {
            guard let name = name as? String else { continue }
            var info = stat()
            let place = "\(path)/\(name)"
            if lstat(place, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_mode & S_IWUSR == 0 {
                chmod(place, 0o700)
            }
        }
        try? manager.removeItem(atPath: path)
    }
}
