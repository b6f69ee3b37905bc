// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Reads an archive.
final class ArchiveExporter: Exporter {
    let options: ArchiveOptions
    let folder: ArchiveFolder
    /// Units whose files are not named after them; known once they were listed.
    private var strangers: [UnitRef: RunFiles] = [:]

    init(_ options: Options, _ call: Call) throws(HostError) {
        self.options = try ArchiveOptions(options)
        folder = ArchiveFolder(data: self.options.data)
    }

    func check(_ call: Call) throws(HostError) {
        _ = try folder.projectFolders()
    }

    func list(projects: [String], from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        try RunList(folder, after: String(decoding: cursor, as: UTF8.self)) { [weak self] scan in
            if scan.files.stem != SafeName.name(scan.ref.id) { self?.strangers[scan.ref] = scan.files }
        }
    }

    func paths(_ unit: UnitRef, _ call: Call) throws(HostError) -> any BatchSource {
        let scan = try RunScan(try files(of: unit, call))
        guard let batch = try scan.catalogue() else { return BatchList([]) }
        // A unit may have more names than a batch has rows.
        var pieces: [RecordBatch] = []
        var start = 0
        while start < batch.count {
            let end = min(start + 16_384, batch.count)
            pieces.append(batch.count <= 16_384 ? batch : try batch.selecting(Array(start..<end)))
            start = end
        }
        return BatchList(pieces)
    }

    func read(_ unit: UnitRef, from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        var position = ArchivePosition()
        if !cursor.isEmpty {
            guard let given = ArchivePosition(cursor) else {
                throw HostError(.invalidData, "This is not a cursor of an archive.", subject: unit.id)
            }
            position = given
        }
        let files = try files(of: unit, call)
        let payloads = PayloadFolder(filesPath: options.files, projectFolder: files.projectFolder)
        return RunReader(
            files, at: position, zone: options.zone,
            files: FileRows(payloads, projectFolder: files.projectFolder))
    }

    func blob(_ ref: String, _ call: Call) throws(HostError) -> Blob {
        let parts = ref.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw HostError(.notFound, "This is not a blob of an archive.") }
        let file = try PayloadFolder(filesPath: options.files, projectFolder: parts[0]).open(parts[1])
        let size = file.size
        return .file(descriptor: file.release(), size: size)
    }

    private func files(of unit: UnitRef, _ call: Call) throws(HostError) -> RunFiles {
        if let files = strangers[unit] { return files }
        let place = folder.place(unit)
        if !place.parts.isEmpty { return rescanned(place) }
        // Named by somebody else, or without part 0: look through all of them once.
        let list = try RunList(folder, after: "") { [weak self] scan in self?.strangers[scan.ref] = scan.files }
        while try list.next(call) != nil {}
        if let files = strangers[unit] { return files }
        throw HostError(.notFound, "The archive no longer has this run.", subject: "\(unit.project)/\(unit.id)")
    }

    /// All parts, also those behind a gap.
    private func rescanned(_ place: RunFiles) -> RunFiles {
        folder.runs(place.projectFolder).runs.first { $0.stem == place.stem && $0.kind == place.kind } ?? place
    }
}
