// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import HostConformance
internal import HostCore
internal import HostPlugins
internal import HostRecords

struct PluginTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Hold a plugin to every rule of the border.",
        discussion: """
            Each test runs in a process of its own, with a time limit. Levels: 0 load, 1 describe, 2 lifecycle,
            3 exporter, 4 loader, 5 round trip, 6 faults, 7 actions, 8 fuzz. Rules: plugin-sdk/RULES.md.

            Where tests read and write is told by [conformance] of the manifest NAME.plugin.toml; what is known to
            fail stands there as a gap with a reason. Exit code 0: nothing failed but gaps.
            """)

    @Argument(
        help: ArgumentHelp("The plugin's library.", valueName: "file"), completion: .file(extensions: ["so"]))
    var library: String

    @Option(help: ArgumentHelp("Its manifest; default: NAME.plugin.toml beside it.", valueName: "file"))
    var manifest: String?

    @Option(help: ArgumentHelp("The highest level, 0 to 8.", valueName: "n"))
    var level = Level.fuzz.rawValue

    @Option(help: ArgumentHelp("A test by its name; may be given more than once.", valueName: "name"))
    var test: [String] = []

    @Option(help: ArgumentHelp("Brings the same random values back.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Seconds that one test may take.", valueName: "s"))
    var timeLimit = 120.0

    @Option(help: ArgumentHelp("Seconds of each random test.", valueName: "s"))
    var fuzzSeconds = 5.0

    @Flag(help: "Run tests in this process, for a debugger: no time limit, and a crash is the end.")
    var inProcess = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: ArgumentHelp("Write a report in JUnit's XML.", valueName: "file"))
    var junit: String?

    @Flag(help: "List the tests and end.")
    var list = false

    func run() throws {
        if list { return try Console.print(ConformanceText.tests) }
        guard let level = Level(rawValue: level), timeLimit > 0, fuzzSeconds >= 0 else {
            throw ValidationError("Levels are 0 to 8, times are more than 0.")
        }
        let path = URL(fileURLWithPath: library).standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: path) else {
            throw HostError(.notFound, "There is no such file.", subject: library, retry: .stop)
        }
        var settings = ConformanceSettings()
        settings.level = level
        settings.tests = test
        settings.seed = seed ?? UInt64.random(in: 1...999_999)
        settings.timeLimit = timeLimit
        settings.fuzzSeconds = fuzzSeconds
        settings.isInProcess = inProcess
        let suite = try ConformanceSuite(library: path, setup: try setup(path), settings: settings)
        let text = ConformanceText(
            Console.traits(1),
            command:
                "host plugin test \(library)\(manifest.map { " --manifest \($0)" } ?? "") --seed \(settings.seed)"
        )
        let report: ConformanceReport
        if json {
            report = try suite.run()
            try Console.print(ConformanceJSON.line(report).text)
        } else {
            try Console.print(text.head(path, settings.seed))
            var shown: Level?
            var failure: (any Error)?
            report = try suite.run { result in
                do { try Console.print(text.lines(result, isFirst: result.level != shown)) } catch {
                    failure = error
                }
                shown = result.level
            }
            if let failure { throw failure }
            try Console.print(text.foot(report))
        }
        if let junit { try write(ConformanceJUnit.document(report), junit) }
        if report.failures > 0 { throw ArgumentParser.ExitCode(HostCore.ExitCode.data) }
    }

    private func setup(_ path: String) throws(HostError) -> ConformanceSetup {
        if let manifest {
            return ConformanceSetup(
                try PluginManifest(path: URL(fileURLWithPath: manifest).standardizedFileURL.path))
        }
        guard let beside = PluginManifest.beside(path) else { return ConformanceSetup() }
        return ConformanceSetup(try PluginManifest(path: beside))
    }

    private func write(_ text: String, _ path: String) throws(HostError) {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw HostError(
                .io, "The report can't be written: \(error.localizedDescription)", subject: path, retry: .stop
            )
        }
    }
}
