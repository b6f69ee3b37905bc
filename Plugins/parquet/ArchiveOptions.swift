// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Where an archive lies, and how it is read.
struct ArchiveOptions {
    static let specs: [OptionSpec] = [
        OptionSpec(
            "data-path", .path, [.required, .identity, .location],
            summary: "the archive's folder of parquet files", example: "./exports/data"),
        OptionSpec(
            "files-path", .path,
            summary: "the folder of payload files; by default 'files' beside a folder 'data', else inside it",
            example: "./exports/files"),
        OptionSpec(
            "repair-zone", .text, [.identity], roles: .exporter,
            summary: "time zone of the machine that exported Neptune 2 data, to undo its shift of series times",
            example: "Asia/Tokyo"),
    ]

    let data: String
    let files: String
    let zone: ZoneTable?

    init(_ options: Options) throws(HostError) {
        guard let data = options.text("data-path"), !data.isEmpty else {
            throw HostError(.invalidOption, "An archive needs its folder.", subject: "data-path")
        }
        self.data = data
        files = options.text("files-path") ?? Self.defaultFiles(data)
        zone = try options.text("repair-zone").map { name throws(HostError) in try ZoneTable(name) }
    }

    /// `data` and `files` are siblings where the exporter made them, as are `model_data` and `model_files`.
    private static func defaultFiles(_ data: String) -> String {
        let url = URL(fileURLWithPath: data)
        let parent = url.deletingLastPathComponent()
        switch url.lastPathComponent {
        case "data": return parent.appendingPathComponent("files").path
        case "model_data": return parent.appendingPathComponent("model_files").path
        default: return url.appendingPathComponent("files").path
        }
    }
}
