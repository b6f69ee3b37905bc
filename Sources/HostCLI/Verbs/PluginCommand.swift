// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostPlugins
internal import HostRecords

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Look at plugins.", subcommands: [PluginList.self, PluginInfo.self])
}

struct PluginList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the plugins that are found.",
        discussion:
            "What can't be used is told on standard error. Of two with one name the first counts."
    )

    @Flag(help: "Print one JSON array of objects with name, version, roles, path, summary.")
    var json = false

    func run() throws {
        let search = PluginSearch()
        let (libraries, problems) = search.all()
        if json {
            try Console.print(JSONLine.array(libraries.map { PluginJSON.short($0) }))
        } else if !libraries.isEmpty {
            try Console.print(PluginText(Console.traits(1)).list(libraries))
        }
        let words = ErrorText(Console.traits(2))
        for problem in problems { Console.error(words.lines(problem.error, lead: "host: ")) }
        if libraries.isEmpty {
            Console.error("host: no plugin was found in \(search.searchedFolders.joined(separator: ", "))")
        }
    }
}

struct PluginInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Tell what a plugin does, its options and what its target can hold.")

    @Argument(help: ArgumentHelp("Name of the plugin.", valueName: "name"))
    var name: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let library = try PluginSearch().find(name)
        if json {
            try Console.print(PluginJSON.whole(library).text)
        } else {
            try Console.print(PluginText(Console.traits(1)).lines(library))
        }
    }
}
