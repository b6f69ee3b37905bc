// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Writes `FOLDER/PROJECT/RUN.md`. A page that is being written is called `RUN.md.part`.
final class TextLoader: Loader {
    /// What a page can hold. Whatever is not here, the host maps or leaves out, and counts: histograms and files
    /// have no place on a page.
    static let limits = Limits(
        tables: [.fields, .points, .series],
        abilities: [
            .fractionalSteps, .nan, .infinity, .negativeZero, .setTimes, .noTime, .timesBefore1970, .nesting,
            .forks,
            .noStep, .microseconds, .duplicatePoints,
        ], kinds: ["run"])

    private let folder: String

    init(_ options: Options, _ call: Call) throws(HostError) {
        folder = options.text("folder") ?? ""
    }

    func check(_ call: Call) throws(HostError) {
        var isFolder: ObjCBool = false
        guard !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) || isFolder.boolValue
        else {
            throw HostError(.conflict, "It is not a folder.", subject: folder, retry: .stop)
        }
    }

    func limits(_ call: Call) throws(HostError) -> Limits { Self.limits }

    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found {
        let page = page(unit)
        if let mark = try PageMark.read(page + ".part") {
            // A page is written at its end, so there is nothing to go on with.
            return Found(
                mark.key == unit.key ? .broken : .foreign, target: page, revision: mark.revision,
                note: "its writing was interrupted")
        }
        guard let mark = try PageMark.read(page) else { return Found(.nothing) }
        let isOurs = mark.key == unit.key
        return Found(
            isOurs ? .complete : .foreign, target: page, revision: mark.revision,
            note: isOurs ? "" : "a page of another run or tool")
    }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad {
        guard resumeAfter == 0 else {
            throw HostError(.invalidState, "A page can't be gone on with.", subject: unit.ref.id)
        }
        return try PageLoad(unit, page(unit))
    }

    /// Names of runs come from strangers: nothing of them but letters, digits, `-` and `_` reaches the file system,
    /// and a mark keeps apart what is then alike.
    private func page(_ unit: UnitInfo) -> String {
        "\(folder)/\(Self.plain(unit.ref.project))/\(Self.plain(unit.ref.id)).md"
    }

    private static func plain(_ name: String) -> String {
        let letters = name.unicodeScalars.prefix(60).map { scalar -> Character in
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "-" ? Character(scalar) : "_"
        }
        return "\(String(letters))-\(StableHash.mark(name))"
    }
}
