// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What the plugin can do beside moving records.
enum ArchiveActions {
    static let all = [checkArchive, listParts]

    private static let project = OptionSpec(
        "project", .text, .list, summary: "Only projects whose folder matches this glob.", example: "team_*")

    private static let checkArchive = Action(
        ActionSpec(
            "check-archive", .reads, .rows, role: .exporter,
            summary: "Checks that an archive is whole and readable.",
            help: """
                Reads every row group of every part, and looks at each payload file. A sound archive gives no row \
                and exit code 0; problems give a row each, and exit code 65.

                part.unreadable     damaged, truncated, or not parquet
                part.missing        a number below the highest is not there, or fewer than the loader wrote
                part.mixed-runs     rows of several runs in one file
                part.other-run      the parts of one name carry different ids
                run.duplicate       two sets of files are one run
                run.incomplete      a load that was never committed
                run.unfinished      only .tmp files: the export was interrupted
                column.unusable     a column of a type that can't be read as its own
                value.unreadable, type.unknown and so on: rows that the exporter would leave out
                file.missing        the payload is not in the files folder
                file.unsafe-path    the path leads out of the files folder
                file.not-regular    neither a file nor a directory
                """,
            parameters: [
                project,
                OptionSpec("payloads", .bool, default: "true", summary: "Look at the payload files too."),
            ],
            results: [
                .init("problem", summary: "What is wrong, as a code."),
                .init("place", .path, summary: "Part or payload."),
                .init("run", summary: "Whose it is, when that is known."),
                .init("rows", .int, summary: "Rows or files that are concerned."),
                .init("note", summary: "The same in words."),
            ]),
        { call, instance, projects, count, payloads in
            Action.answer(call, instance) { (archive: ArchiveExporter, call) throws(HostError) in
                var check = ArchiveCheck(
                    archive, projects: Action.texts(projects, count), payloads: payloads != 0)
                try check.run(call)
            }
        } as @convention(c) (CallArgument, InstanceArgument, TextsArgument, Int64, Int32) -> Int32)

    private static let listParts = Action(
        ActionSpec(
            "list-parts", .reads, .rows, role: .exporter, summary: "Lists the parquet files of an archive.",
            help: "A part that can't be read is listed without rows and row groups; check-archive tells why.",
            parameters: [project],
            results: [
                .init("project", summary: "Its id, else its folder."), .init("run", summary: "The run's id."),
                .init("kind", summary: "run, model or model-version."),
                .init("part", .int, summary: "Number."),
                .init("bytes", .size, summary: "Size of the file."), .init("rows", .int, summary: "Rows."),
                .init("row-groups", .int, summary: "Row groups."),
                .init("file", .path, summary: "The file below the data folder."),
            ]),
        { call, instance, projects, count in
            Action.answer(call, instance) { (archive: ArchiveExporter, call) throws(HostError) in
                try PartTable(archive, projects: Action.texts(projects, count)).run(call)
            }
        } as @convention(c) (CallArgument, InstanceArgument, TextsArgument, Int64) -> Int32)
}
