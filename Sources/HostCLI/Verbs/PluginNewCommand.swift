// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostPlugins
internal import HostRecords

struct PluginNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Begin a plugin of your own.",
        discussion: """
            Writes a small plugin that works, to be changed into yours:

              host plugin new my-tracker --lang c
            """)

    @Argument(help: ArgumentHelp("Its name: lower-case letters, digits and '-'.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("Its language: \(Self.languages).", valueName: "language"))
    var lang: String

    @Option(
        help: ArgumentHelp("Where to write it; by default a new folder of that name.", valueName: "folder"))
    var folder: String?

    func run() throws {
        guard let language = PluginTemplate.Language(rawValue: lang) else {
            throw HostError(
                .invalidOption, "There is no template for '\(lang)'; known: \(Self.languages).",
                subject: "--lang")
        }
        let template = try PluginTemplate(name: name, language: language, sdk: try SDKFolder.find())
        let place = folder ?? name
        let files = try template.write(to: place)
        try Console.print(PluginText(Console.traits(1)).begun(name, language, place, files))
    }

    private static let languages = PluginTemplate.Language.allCases.map(\.rawValue).joined(separator: ", ")
}
