// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostPlugins
internal import HostRecords

struct PluginList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the plugins that are found.",
        discussion:
            "What can't be used is told on standard error. Of two with one name the first counts; "
            + "host plugin paths tells the order."
    )

    @Flag(
        help: ArgumentHelp(
            "Print one JSON array of objects with name, version, roles, path, summary, where, state, conformance."
        ))
    var json = false

    @Flag(help: "With --json: also those that can't be used, with an error each.")
    var all = false

    func run() throws {
        let search = PluginSearch()
        let listings = search.listings()
        let usable = listings.filter { $0.state == .ok }
        if json {
            try Console.print(
                JSONLine.array((all ? listings : usable.sorted { $0.name < $1.name }).map(PluginJSON.line)))
        } else if !listings.isEmpty {
            try Console.print(PluginText(Console.traits(1)).list(listings))
        }
        let words = ErrorText(Console.traits(2))
        for error in listings.compactMap(\.error) { Console.error(words.lines(error, lead: "host: ")) }
        if usable.isEmpty {
            Console.error("host: no plugin was found in \(search.searchedFolders.joined(separator: ", "))")
        }
    }
}
