// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostPlugins
internal import HostRecords

struct PluginInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Tell what a plugin does, its options and what its target can hold.")

    @Argument(help: ArgumentHelp("Name of the plugin.", valueName: "name"))
    var name: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let library = try PluginSearch().find(name)
        let digest = try FileDigest.sha256(of: library.path)
        // A manifest that is wrong is no reason to keep the rest back.
        var manifest: PluginManifest?
        do throws(HostError) {
            if let path = PluginManifest.beside(library.path) { manifest = try PluginManifest(path: path) }
        } catch {
            Console.error(ErrorText(Console.traits(2)).lines(error, lead: "host: warning: "))
        }
        if json {
            try Console.print(PluginJSON.whole(library, manifest, digest).text)
        } else {
            try Console.print(PluginText(Console.traits(1)).lines(library, manifest, digest))
        }
    }
}
