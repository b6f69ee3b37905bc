// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// What the archive's format has no place for, in `.host/STEM.json` beside the parts.
struct RunNote: Codable {
    var key: String
    var revision: String
    var job: String
    var source: String
    var isComplete: Bool
    var parts: Int

    private static func path(_ place: RunFiles) -> String { "\(place.folder)/.host/\(place.stem).json" }

    static func read(_ place: RunFiles) -> RunNote? {
        guard let data = FileManager.default.contents(atPath: path(place)) else { return nil }
        return try? JSONDecoder().decode(RunNote.self, from: data)
    }

    func write(_ place: RunFiles) throws(HostError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(self) else {
            throw HostError(.internal, "The run's note can't be made.", subject: place.stem)
        }
        try Folders.make("\(place.folder)/.host")
        try DurableFile.write(Array(data), to: Self.path(place))
    }
}
