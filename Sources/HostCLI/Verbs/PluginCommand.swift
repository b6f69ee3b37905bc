// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostRecords

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Look at plugins.", subcommands: [PluginList.self, PluginInfo.self])
}

struct PluginList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Every plugin that is found.")

    @Flag(help: "Print JSON: an array of objects with name, version, roles, path.")
    var json = false

    func run() throws {
        let (libraries, problems) = PluginSearch().all()
        if json {
            Console.print(
                JSONText.line(
                    libraries.map {
                        [
                            "name": $0.name, "version": $0.version, "roles": $0.roles.labels, "path": $0.path,
                            "summary": $0.summary,
                        ] as [String: Any]
                    }))
        } else {
            for library in libraries {
                Console.print("\(library.name)\t\(library.version)\t\(library.roles.labels.joined(separator: ", "))\t\(library.path)")
            }
        }
        for problem in problems { Console.error("host: \(problem.error)") }
    }
}

struct PluginInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "What a plugin does, its options and what its target can hold.")

    @Argument(help: "Name of the plugin.")
    var name: String

    func run() throws {
        let library = try PluginSearch().find(name)
        Console.print(library.name)
    }
}
