// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostPlugins
internal import HostRecords

struct PluginRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a plugin that host plugin install put there.",
        discussion: "Jobs that it was used in keep their ledgers, and go on when it is installed again.")

    @Argument(help: ArgumentHelp("Name of the plugin.", valueName: "name"))
    var name: String

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var yes = false

    func run() throws {
        let installed = try InstalledPlugins(PluginSearch())
        try PluginQuestion.ask("Remove \(try installed.library(named: name))?", isAnswered: yes)
        let record = try installed.remove(named: name)
        Console.error("host: \(name)\(record.map { " " + $0.version } ?? "") is removed")
    }
}
