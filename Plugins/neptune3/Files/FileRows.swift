// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// One file of a run, or one step of a series of files.
struct FileRow {
    let path: String
    var step: Step?
    /// Microseconds.
    var time: Int64?
    let file: StoredFile
}

/// Makes files/1, and tells of files that are no longer in the storage.
struct FileRows {
    private let source: RunSource

    init(_ source: RunSource) { self.source = source }

    /// At most as many files as one request may ask the addresses of.
    func batches(_ files: [FileRow], role: String, _ call: Call) throws(HostError) -> [RecordBatch] {
        guard !files.isEmpty else { return [] }
        let references = files.map { FileReference(project: source.catalogue.project, path: $0.file.path) }
        let findings = try source.files.look(at: references, sizes: files.map(\.file.size), call)
        var losses = LossRows()
        var rows: [(row: FileRow, reference: FileReference, size: Int64?)] = []
        for (index, finding) in findings.enumerated() {
            let row = files[index]
            switch finding {
            case .there(let size):
                rows.append((row, references[index], size))
                if let size, row.file.size > 0, size != row.file.size {
                    losses.add(
                        .files, row.path, "file.size", kind: .noted,
                        "Neptune tells \(row.file.size) bytes, its storage has \(size)")
                }
            case .gone:
                losses.add(.files, row.path, "file.missing", "the storage no longer has \(Self.place(row))")
            case .unreadable(let status):
                losses.add(
                    .files, row.path, "file.unreadable",
                    "the storage does not hand over \(Self.place(row)): HTTP \(status)")
            }
        }
        var batches: [RecordBatch] = []
        if let told = try losses.batch() { batches.append(told) }
        guard !rows.isEmpty else { return batches }
        batches.append(
            try RecordBatch(
                .files,
                [
                    ("path", .text(rows.map(\.row.path))), ("role", .text(rows.map { _ in role })),
                    ("name", .text(rows.map { FileName.of($0.row.path, $0.row.file.mediaType) })),
                    ("step", .int64(rows.map { $0.row.step?.whole })),
                    (
                        "millionths",
                        .int32(
                            rows.map { row in
                                row.row.step.flatMap { $0.millionths == 0 ? nil : $0.millionths }
                            })
                    ),
                    ("time", .time(rows.map(\.row.time))), ("size", .int64(rows.map(\.size))),
                    (
                        "media_type",
                        .text(rows.map { $0.row.file.mediaType.isEmpty ? nil : $0.row.file.mediaType })
                    ),
                    ("blob", .text(rows.map(\.reference.text))),
                ]))
        return batches
    }

    private static func place(_ row: FileRow) -> String {
        row.step.map { "the file of step \($0)" } ?? "the file"
    }
}
