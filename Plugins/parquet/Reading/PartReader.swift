// SPDX-License-Identifier: Apache-2.0

internal import CArchive
internal import CHost
internal import HostPluginKit

/// One row of a file type, as the archive has it; the path is not to be trusted.
struct ArchivedFile {
    var type: String
    var path: String
    var file: String
    var step: Step?
    /// Microseconds since 1970.
    var time: Int64?
}

/// Where reading goes on: part, row group, row, batch.
struct ArchivePosition {
    var part = 0
    var place = archive_position()

    init() {}

    /// nil when the cursor is none of this plugin's.
    init?(_ cursor: [UInt8]) {
        let numbers = String(decoding: cursor, as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 4, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        part = Int(numbers[0])
        place = archive_position(row_group: numbers[1], row: numbers[2], batch: numbers[3])
    }

    var cursor: [UInt8] { Array("\(part) \(place.row_group) \(place.row) \(place.batch)".utf8) }
}

/// Reads one part from a position.
///
/// Lifetime: the handle of the core is closed with this object. One thread at a time.
final class PartReader {
    enum Next {
        case records(RecordBatch)
        case files([ArchivedFile])
    }

    private let path: String
    private let handle: OpaquePointer

    init(_ path: String, at place: archive_position, zone: ZoneTable?) throws(HostError) {
        self.path = path
        var out: OpaquePointer?
        var place = place
        _ = try CoreFailure.check(path) { error in
            guard let zone else { return archive_open(path, nil, &place, &out, error) }
            return zone.localFrom.withUnsafeBufferPointer { from in
                zone.offsets.withUnsafeBufferPointer { offsets in
                    var options = archive_read_options(
                        tables: ARCHIVE_WANT_ALL, local_from_ms: from.baseAddress, offset_ms: offsets.baseAddress,
                        zone_count: Int64(from.count))
                    return archive_open(path, &options, &place, &out, error)
                }
            }
        }
        guard let out else { throw HostError(.internal, "The part was not opened.", subject: path) }
        handle = out
    }

    deinit { archive_close(handle) }

    /// nil at the end. `place` is where reading goes on.
    func next(_ place: inout archive_position) throws(HostError) -> Next? {
        var schema = ArrowSchema()
        var array = ArrowArray()
        var code: Int32 = 0
        guard
            try CoreFailure.check(path, { archive_next(handle, &schema, &array, &code, &place, $0) })
        else { return nil }
        guard let table = PartScan.table(code) else {
            throw HostError(.internal, "The core gave a table \(code).", subject: path)
        }
        if table == .files { return .files(files()) }
        return .records(try RecordBatch(checking: schema, array, table: table))
    }

    private func files() -> [ArchivedFile] {
        var count: Int64 = 0
        guard let rows = archive_files(handle, &count) else { return [] }
        return (0..<Int(count)).map { index in
            let row = rows[index]
            return ArchivedFile(
                type: row.type.string ?? "", path: row.path.string ?? "", file: row.file.string ?? "",
                step: row.has_step != 0 ? Step(row.step, millionths: row.millionths) : nil,
                time: row.has_time != 0 ? row.time_us : nil)
        }
    }

    /// Rows without any value that were passed over, by table.
    var padding: [Table: Int64] {
        var counts = archive_counts()
        archive_reader_counts(handle, &counts)
        return withUnsafeBytes(of: counts.padding) { raw in
            let values = raw.bindMemory(to: Int64.self)
            var result: [Table: Int64] = [:]
            for index in 0..<values.count {
                if let table = PartScan.table(Int32(index)), values[index] > 0 { result[table] = values[index] }
            }
            return result
        }
    }
}
