// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostRecords

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Tell what a run would do and lose, without touching the target.")

    @OptionGroup var ends: JobOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    @Flag(help: "Print one JSON object as the last line of standard output.")
    var json = false

    func run() throws { try PlanRun.run(ends, network, isJSON: json) }
}

enum PlanRun {
    static func run(_ ends: JobOptions, _ network: NetworkOptions, isJSON: Bool) throws {
    }
}
