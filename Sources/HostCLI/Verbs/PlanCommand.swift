// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import HostABI
internal import HostCore
internal import HostRecords

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Tell what a run would do and lose, without touching the target.",
        discussion: "Exit code 0: nothing to do; 2: there is; 65: some of the source can't be read.")

    @OptionGroup var ends: JobOptions
    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Plugins") var plugins: PluginOptions

    @Flag(help: "Print one JSON object as the last line of standard output.")
    var json = false

    func run() throws { try PlanRun.run(ends, network, plugins, isJSON: json) }
}

/// `host plan` and `host run --dry-run`.
enum PlanRun {
    static func run(_ ends: JobOptions, _ network: NetworkOptions, _ plugins: PluginOptions, isJSON: Bool) throws {
        let settings = try ends.settings(transfers: 1, onExisting: .resume, isFresh: false)
        let cancel = CancelFlag()
        let signals = SignalWatch(cancel)
        let plan = try JobPlan(settings, plugins: try plugins.search(), http: try network.settings(), cancel: cancel)
        let result: PlanResult
        do throws(HostError) {
            result = try plan.run()
        } catch {
            guard error.status == .cancelled else { throw error }
            throw ArgumentParser.ExitCode(signals.received == SIGTERM ? 143 : 130)
        }
        if isJSON {
            try Console.print(JSONText.line(result.json))
        } else {
            for line in PlanText.lines(result, TerminalTraits(descriptor: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment)) { try Console.print(line) }
        }
        throw ArgumentParser.ExitCode(result.exitCode)
    }
}
