// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostPlugins
internal import HostRecords

struct ActionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "action", abstract: "What plugins can do beside moving records.",
        discussion: """
            host action list
            host action info mlflow.delete-job
            host action call mlflow.list-jobs --at http://127.0.0.1:5000
            """,
        subcommands: [ActionList.self, ActionInfo.self, ActionCall.self])
}

struct ActionList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the actions of all plugins, or of one.")

    @Argument(help: ArgumentHelp("Only those of this plugin.", valueName: "plugin"))
    var plugin: String?

    @Flag(help: "Print one JSON array of objects with plugin, action, effect, dry_run, rows, role, summary.")
    var json = false

    @OptionGroup(title: "Plugins") var plugins: PluginOptions

    func run() throws {
        let search = try plugins.search()
        let libraries = try plugin.map { [try search.find($0)] } ?? search.all().libraries
        if json {
            let lines = libraries.flatMap { library in
                library.actions.map { ActionJSON.short($0, of: library) }
            }
            try Console.print(JSONLine.array(lines))
        } else {
            try Console.print(ActionText(Console.traits(1)).list(libraries))
        }
        for library in libraries {
            for problem in ActionRules.check(library.description) {
                Console.error("host: warning: \(library.name): \(problem)")
            }
        }
    }
}

struct ActionInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Tell what an action does, takes and answers.")

    @Argument(help: ArgumentHelp("The action: plugin.action.", valueName: "name"))
    var name: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup(title: "Plugins") var plugins: PluginOptions

    func run() throws {
        let name = try ActionName(parsing: name)
        let library = try plugins.search().find(name.plugin)
        let spec = library.actions[try name.index(in: library)]
        if json {
            try Console.print(ActionJSON.whole(spec, of: library).text)
        } else {
            try Console.print(ActionText(Console.traits(1)).lines(spec, of: library))
        }
    }
}
