// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostCore
internal import HostRecords

struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Read all of a source and count what it holds.",
        discussion: """
            For each project: units, records, attribute types, steps, the largest runs, files.
            Exit code 65: some units could not be read; they are named, and are not in the counts.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    @Option(help: ArgumentHelp("Units read at the same time.", valueName: "n"))
    var transfers = 2

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard transfers >= 1, transfers <= 64 else {
            throw ValidationError("--transfers is a number from 1 to 64.")
        }
    }

    func run() throws {
        let session = try source.session(network)
        let result = try SourceSurvey(session, selection: try source.selection()).run(workers: transfers)
        if json {
            try Console.print(SurveyJSON.object(result).text)
        } else {
            try Console.print(SurveyText(Console.traits(1)).lines(result, of: session.label))
        }
        let words = ErrorText(Console.traits(2))
        for unit in result.unreadable {
            Console.error(
                words.lines(
                    unit.error, lead: "not read: \(unit.unit.map { words.short($0.shown) + ": " } ?? "")"))
        }
        if !result.unreadable.isEmpty { throw ArgumentParser.ExitCode(HostCore.ExitCode.data) }
    }
}
