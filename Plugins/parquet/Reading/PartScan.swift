// SPDX-License-Identifier: Apache-2.0

internal import CArchive
internal import HostPluginKit

/// What one part holds: ids, attributes with their numbers of rows, and the `sys/` values that describe the run.
struct PartScan {
    struct Attribute {
        var path: String
        var type: String
        var table: Table?
        /// Rows with a value; the rest is padding.
        var values: Int64
    }

    private(set) var project: String?
    private(set) var run: String?
    private(set) var mixesRuns: Bool
    private(set) var rows: Int64
    private(set) var rowGroups: Int
    private(set) var attributes: [Attribute] = []
    private(set) var texts: [String: String] = [:]
    private(set) var numbers: [String: Double] = [:]
    private(set) var times: [String: Int64] = [:]
    private(set) var truths: [String: Bool] = [:]
    private(set) var unusableColumns: [String] = []

    init(_ path: String) throws(HostError) {
        var result: OpaquePointer?
        _ = try CoreFailure.check(path) { archive_scan(path, &result, $0) }
        defer { archive_scan_free(result) }
        guard let summary = archive_scan_summary(result)?.pointee else {
            throw HostError(.internal, "The scan gave nothing.", subject: path)
        }
        project = summary.project_id.string
        run = summary.run_id.string
        mixesRuns = summary.project_ids > 1 || summary.run_ids > 1
        rows = summary.rows
        rowGroups = Int(summary.row_groups)
        for index in 0..<Int(summary.entry_count) {
            let entry = summary.entries[index]
            attributes.append(
                Attribute(
                    path: entry.path.string ?? "", type: entry.type.string ?? "",
                    table: Self.table(entry.table), values: entry.values))
        }
        for index in 0..<Int(summary.column_count) {
            let column = summary.columns[index]
            if column.state == Int32(ARCHIVE_COLUMN_UNUSABLE) {
                unusableColumns.append("\(column.name.string ?? "") (\(column.found.string ?? ""))")
            }
        }
        for index in 0..<Int(summary.system_count) {
            let value = summary.system[index]
            guard let path = value.path.string else { continue }
            switch Int(value.kind) {
            case ARCHIVE_SYSTEM_TEXT: texts[path] = value.text.string
            case ARCHIVE_SYSTEM_FLOAT: numbers[path] = value.number
            case ARCHIVE_SYSTEM_TIME: times[path] = value.time_ms
            default: truths[path] = value.truth != 0
            }
        }
    }

    static func table(_ code: Int32) -> Table? {
        switch Int(code) {
        case ARCHIVE_FIELDS: .fields
        case ARCHIVE_POINTS: .points
        case ARCHIVE_SERIES: .series
        case ARCHIVE_HISTOGRAMS: .histograms
        case ARCHIVE_FILES: .files
        case ARCHIVE_LOSSES: .losses
        default: nil
        }
    }
}
