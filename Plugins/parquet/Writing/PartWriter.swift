// SPDX-License-Identifier: Apache-2.0

internal import CArchive
internal import CHost
internal import HostPluginKit

/// The parts of one run being written.
///
/// Lifetime: the core's handle is freed with this object, and with it parts that were not finished. One thread.
final class PartWriter {
    private let stem: String
    private let handle: OpaquePointer
    /// The core counts steps and times of all tables in one: what each call adds tells whose they are.
    private var shortfalls: [Table: Shortfall] = [:]
    private var counted = archive_write_losses()

    private struct Shortfall {
        var steps: Int64 = 0
        var times: Int64 = 0
        var example = ""
    }

    init(_ place: RunFiles, project: String, run: String) throws(HostError) {
        stem = place.stem
        var out: OpaquePointer?
        _ = try CoreFailure.check(place.stem) { error in
            Self.withText(project) { project in
                Self.withText(run) { run in
                    archive_writer_open(place.folder, place.stem, project, run, nil, &out, error)
                }
            }
        }
        guard let out else { throw HostError(.internal, "The parts were not begun.", subject: place.stem) }
        handle = out
    }

    deinit { archive_writer_free(handle) }

    func write(_ batch: RecordBatch) throws(HostError) {
        let code: Int = switch batch.table {
        case .fields: ARCHIVE_FIELDS
        case .points: ARCHIVE_POINTS
        case .series: ARCHIVE_SERIES
        case .histograms: ARCHIVE_HISTOGRAMS
        default: throw HostError(.unsupported, "An archive has no place for \(batch.table.label).")
        }
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.export(schema: &schema, array: &array)
        _ = try CoreFailure.check(stem) { archive_writer_write(handle, Int32(code), &schema, &array, $0) }
        charge(batch.table, batch.count > 0 ? batch.text("path")[0] ?? "" : "")
    }

    private func charge(_ table: Table, _ example: String) {
        var now = archive_write_losses()
        archive_writer_losses(handle, &now)
        defer { counted = now }
        let steps = now.steps_out_of_range - counted.steps_out_of_range
        let times = now.times_rounded - counted.times_rounded
        guard steps > 0 || times > 0 else { return }
        var sum = shortfalls[table] ?? Shortfall(example: example)
        sum.steps += steps
        sum.times += times
        shortfalls[table] = sum
    }

    func write(_ file: ArchivedFile) throws(HostError) {
        _ = try CoreFailure.check(stem) { error in
            Self.withText(file.type) { type in
                Self.withText(file.path) { path in
                    Self.withText(file.file) { place in
                        var row = archive_file_row(
                            type: type, path: path, file: place, step: file.step?.whole ?? 0,
                            time_us: file.time ?? 0, millionths: file.step?.millionths ?? 0,
                            has_step: file.step == nil ? 0 : 1, has_time: file.time == nil ? 0 : 1)
                        return archive_writer_files(handle, &row, 1, error)
                    }
                }
            }
        }
        charge(.files, file.path)
    }

    /// Everything on disk, part 0 renamed last. Answers the number of parts.
    func finish() throws(HostError) -> Int {
        var parts: Int64 = 0
        var rows: Int64 = 0
        _ = try CoreFailure.check(stem) { archive_writer_finish(handle, &parts, &rows, $0) }
        return Int(parts)
    }

    var losses: [LossReport] {
        var raw = archive_write_losses()
        archive_writer_losses(handle, &raw)
        let byTable = shortfalls.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { table, sum in
            [
                LossReport(
                    .dropped, table, "step.overflow", rows: sum.steps, path: sum.example,
                    note: "an archive's steps are below 10^12"),
                LossReport(
                    .rounded, table, "time.rounded", rows: sum.times, path: sum.example,
                    note: "an archive keeps milliseconds"),
            ]
        }
        return (byTable + [
            LossReport(
                .retyped, .fields, "value.nan", rows: raw.nan_fields, path: raw.nan_example.string ?? "",
                note: "NaN in a field is null in an archive, which readers pass over"),
            LossReport(
                .dropped, .points, "value.nan", rows: raw.bare_nan_points, path: raw.bare_nan_example.string ?? "",
                note: "NaN without step and time is an empty row in an archive"),
        ]).filter { $0.rows > 0 }
    }

    private static func withText<Result>(_ text: String, _ body: (archive_text) -> Result) -> Result {
        withHostText(text) { body(archive_text(data: $0.data, size: $0.size)) }
    }
}
