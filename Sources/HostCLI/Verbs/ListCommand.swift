// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostCore
internal import HostRecords

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the projects of a source, or the units of one.",
        discussion: """
            An endpoint without location lists its projects, one with a location its units:

              host ls neptune3
              host ls parquet:./exports/data --project 'team/*'

            Rows appear as the source hands them out. Exit code 65: some units could not be listed.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    @Option(help: ArgumentHelp("Stop after so many rows.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Print one JSON array of objects with kind, id, name, project and what else is known.")
    var json = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is a number from 1.") }
    }

    func run() throws {
        let session = try source.session(network)
        let exporter = try session.openExporter()
        var projects = session.isWithoutLocation ? ProjectFilter() : nil
        var printer = UnitPrinter(isJSON: json, ofProjects: projects != nil, Console.traits(1))
        var left = limit ?? .max
        var missing = 0
        try UnitPages.forEach(exporter, try source.selection()) { page throws(HostError) in
            switch page {
            case .units(let records):
                let rows = (projects?.new(records) ?? records).prefix(left)
                left -= rows.count
                try Console.write(printer.rows(Array(rows)))
            case .losses(let losses):
                let words = ErrorText(Console.traits(2))
                for loss in losses where loss.kind == .dropped {
                    missing += 1
                    Console.error(words.lines(HostError(unlisted: loss), lead: "not listed: "))
                }
            }
            return left > 0
        }
        try Console.write(printer.end())
        if missing > 0 { throw ArgumentParser.ExitCode(HostCore.ExitCode.data) }
    }
}

/// One row for each project, when its first unit comes by: no exporter has a list of its own for projects.
private struct ProjectFilter {
    private var known: Set<ExactText> = []

    mutating func new(_ records: [UnitRecord]) -> [UnitRecord] {
        records.filter { known.insert(ExactText($0.key.project)).inserted }.map {
            UnitRecord(
                key: UnitKey(kind: "project", project: $0.key.project, id: $0.key.project),
                name: $0.key.project)
        }
    }
}
