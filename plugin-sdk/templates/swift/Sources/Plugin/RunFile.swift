// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// How a run lies in the folder, for both roles: a file of one line for the run and one for each field.
///
/// This is where your tracker's own format or API comes in.
enum RunFile {
    static let ending = ".run"

    /// Names come from strangers: encoded, none of them leaves the folder.
    static func path(_ folder: String, _ unit: UnitRef) -> String {
        "\(folder)/\(PercentEncoding.segment("\(unit.project) \(unit.id)"))\(ending)"
    }

    /// The words of each line; nil when there is no such file. Words are encoded, so none of them holds a blank.
    static func read(_ path: String) throws(HostError) -> [[String]]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HostError(.io, "The file can't be read.", subject: path)
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: false).map {
                String($0).removingPercentEncoding ?? ""
            }
        }
    }

    static func line(_ words: [String]) -> String {
        words.map(PercentEncoding.segment).joined(separator: " ") + "\n"
    }
}
