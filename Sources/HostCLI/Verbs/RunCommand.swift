// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import HostABI
internal import HostCore
internal import HostRecords

extension ExistingPolicy: ExpressibleByArgument {}
extension ProgressMode: ExpressibleByArgument {}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Move what is not in the target yet.",
        discussion:
            "The same command again goes on after a stop or a crash: nothing is lost, nothing is there twice."
    )

    @OptionGroup var ends: JobOptions
    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Plugins") var plugins: PluginOptions

    @Option(help: ArgumentHelp("Units moved at the same time.", valueName: "n"))
    var transfers = 4

    @Option(help: ArgumentHelp("What to do with what the target already has.", valueName: "policy"))
    var onExisting = ExistingPolicy.resume

    @Flag(help: "Begin the job anew; the old ledger is put aside.")
    var fresh = false

    @Flag(help: "Show what would happen and write nothing (the same as host plan).")
    var dryRun = false

    @Flag(help: "Print one JSON object as the last line of standard output.")
    var json = false

    @Option(help: ArgumentHelp("How progress is shown.", valueName: "kind"))
    var progress = ProgressMode.auto

    func validate() throws {
        guard transfers >= 1, transfers <= 64 else {
            throw ValidationError("--transfers is a number from 1 to 64.")
        }
    }

    func run() throws {
        if dryRun {
            try PlanRun.run(ends, network, plugins, isJSON: json)
            return
        }
        let settings = try ends.settings(transfers: transfers, onExisting: onExisting, isFresh: fresh)
        let screen = try RunScreen(progress)
        let cancel = CancelFlag()
        let signals = SignalWatch(cancel) {
            screen.notice("stopping: what is in flight is finished and saved (once more: at once)")
        }
        let monitor = RunMonitor(observer: screen.observer)
        let job = try JobRun(
            settings, plugins: try plugins.search(), http: try network.settings(), monitor: monitor, cancel: cancel)
        ExposedSecrets.warn(job.exposedSecrets)
        screen.start(job.context)
        let result = job.run { signals.received }
        screen.finish(result)
        if json { try Console.print(result.jsonLine) }
        throw ArgumentParser.ExitCode(result.exitCode)
    }
}
