// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Writes an archive that Neptune Exporter reads, and this plugin.
///
/// A run is complete for readers once its part 0 is there. What Neptune Exporter has no place for (the idempotency
/// key, the source's revision, whether a commit came) lies in a note beside the parts, in a folder that it passes
/// over.
final class ArchiveLoader: Loader {
    private let options: ArchiveOptions
    private let folder: ArchiveFolder

    init(_ options: Options, _ call: Call) throws(HostError) {
        self.options = try ArchiveOptions(options)
        folder = ArchiveFolder(data: self.options.data)
    }

    /// The folders are made when the first unit is written; here it is only seen whether they could be.
    func check(_ call: Call) throws(HostError) {
        for path in [options.data, options.files] {
            var place = URL(fileURLWithPath: path)
            while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
                place.deleteLastPathComponent()
            }
            guard access(place.path, W_OK | X_OK) == 0 else {
                throw HostError(
                    .io, "The folder can't be written to: \(String(cString: strerror(errno))).", subject: path,
                    retry: .stop)
            }
        }
    }

    func limits(_ call: Call) throws(HostError) -> Limits { Self.limits }

    static let limits = Limits(
        tables: [.fields, .points, .series, .histograms, .files],
        abilities: [
            .fractionalSteps, .nan, .infinity, .negativeZero, .setTimes, .noTime, .timesBefore1970, .types, .nesting,
            .forks, .noStep, .nul, .duplicatePoints,
        ],
        kinds: ["run", "model", "model-version"])

    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found {
        let place = folder.place(unit.ref)
        let target = "\(place.folder)/\(place.stem)"
        guard let note = RunNote.read(place) else {
            guard !place.parts.isEmpty else { return Found(.nothing) }
            return Found(.foreign, target: target, note: "\(place.parts.count) parts without a note of this tool")
        }
        let isWhole = note.isComplete && (note.parts == place.parts.count)
        return Found(
            isWhole ? .complete : .broken, target: target, revision: note.revision,
            note: isWhole ? "" : "the writing of this run was interrupted")
    }

    /// A parquet file that was cut off can't be gone on with: every beginning is a new one.
    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad {
        guard resumeAfter == 0 else {
            throw HostError(.invalidState, "An archive can't go on inside a run.", subject: unit.ref.id)
        }
        return try RunLoad(unit, folder.place(unit.ref), filesPath: options.files)
    }
}
