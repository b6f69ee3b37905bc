// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostPlugins
internal import HostRecords

struct PluginPaths: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paths", abstract: "Show the folders that plugins are searched in, in order.",
        discussion:
            "The working folder is never searched. HOST_PLUGIN_PATH names more folders, joined by colons.")

    @Flag(help: "Print one JSON array of objects with folder, place, exists, writers, plugins.")
    var json = false

    func run() throws {
        let search = PluginSearch()
        let folders = PluginFolderListing.all(search)
        if json {
            try Console.print(JSONLine.array(folders.map(PluginJSON.folder)))
        } else {
            try Console.print(PluginText(Console.traits(1)).folders(folders))
        }
        for path in search.ignoredFolders {
            Console.error("host: warning: \(path) in HOST_PLUGIN_PATH is not absolute, and is not searched")
        }
    }
}
