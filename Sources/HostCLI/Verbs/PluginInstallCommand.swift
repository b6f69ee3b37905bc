// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import HostHTTP
internal import HostPlugins
internal import HostRecords

struct PluginInstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Install a plugin for this user.",
        discussion: """
            The library is checked, described and tested (level 1 of host plugin test), compared with its manifest \
            NAME.plugin.toml when one lies beside it, and copied to the user's data folder. host.lock there \
            keeps its SHA-256: a file that changes later is not run.

              host plugin install ./libhost-plugin-csv.so
              host plugin install https://example.org/libhost-plugin-csv.so --sha256 HEX
              host plugin install --relock csv
            """)

    @Argument(
        help: ArgumentHelp(
            "A library, a manifest, a folder that holds one of them, or a URL.", valueName: "source"))
    var source: String?

    @Option(help: ArgumentHelp("The SHA-256 that the library must have; a URL needs it.", valueName: "hex"))
    var sha256: String?

    @Option(help: ArgumentHelp("The manifest, when it does not lie beside the library.", valueName: "file"))
    var manifest: String?

    @Option(
        help: ArgumentHelp(
            "Take the file that lies in the user's folder now for the right one.", valueName: "name"))
    var relock: String?

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var yes = false

    @OptionGroup(title: "Network") var network: NetworkOptions

    func validate() throws {
        guard (source == nil) != (relock == nil) else {
            throw ValidationError("Name what to install: a source, or --relock and a plugin's name.")
        }
    }

    func run() throws {
        let search = PluginSearch()
        let installed = try InstalledPlugins(search)
        let text =
            try relock.map { (name) throws(HostError) in try installed.library(named: name) } ?? source ?? ""
        let installation = try PluginInstallation(
            try InstallSource(text, manifest: manifest), expected: sha256, search: search,
            http: try network.settings())
        defer { installation.discard() }

        let words = PluginInstallText(Console.traits(2))
        Console.error(words.before(installation, replaces: try installation.replaced()))
        try PluginQuestion.ask("Its code will run with your rights. Install it?", isAnswered: yes)
        let description = try installation.examine()
        let replaced = try installation.replaced()
        try LoadLevelTest.run(installation.library, manifest: installation.manifestPath, source: text)
        let record = try installation.finish(at: Self.now)
        Console.error(words.after(record, description, replaced: replaced))
        for line in installed.conflicts(of: record.name) { Console.error("host: note: \(line)") }
    }

    private static var now: String { TimeText.utc(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
}
