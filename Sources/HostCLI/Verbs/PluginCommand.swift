// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Find, install, test and begin plugins.",
        discussion:
            "A plugin is one library, libhost-plugin-NAME.so, that reads (--from) or writes (--to) a tracker.",
        subcommands: [
            PluginList.self, PluginInfo.self, PluginPaths.self, PluginInstall.self, PluginRemove.self,
            PluginTest.self, PluginNew.self,
        ])

    /// Whether there is a verb of that name here.
    static func has(_ verb: String) -> Bool {
        configuration.subcommands.contains { $0.configuration.commandName == verb }
    }
}
