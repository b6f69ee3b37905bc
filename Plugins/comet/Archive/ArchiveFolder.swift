// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// The folder of archives, one for each run, named after its experiment's key.
struct ArchiveFolder {
    let path: String

    init(_ path: String) { self.path = path }

    func check() throws(HostError) {
        var info = stat()
        if stat(path, &info) != 0, errno == ENOENT { return }
        guard access(path, W_OK | X_OK) == 0 else {
            throw HostError.ofFile(path, "The folder of archives cannot be written.")
        }
    }

    func find(_ key: ExperimentKey) throws(HostError) -> Found {
        let name = Self.name(key)
        if access("\(path)/\(OutputFile.workingName(name))", F_OK) == 0 {
            return Found(.broken, target: key.text, note: "an archive that was not finished")
        }
        guard access("\(path)/\(name)", F_OK) == 0 else { return Found(.nothing) }
        let comment = try comment(name)
        guard let unit = comment["unit"]?.text, !unit.isEmpty else {
            return Found(.foreign, target: key.text, note: "an archive of that name, by another tool")
        }
        return Found(
            .complete, target: key.text, url: "", revision: comment["revision"]?.text ?? "",
            note: "the archive \(name)")
    }

    func writer(
        _ key: ExperimentKey, _ unit: UnitInfo, _ workspace: String?, _ project: String
    ) throws(HostError) -> ArchiveWriter {
        if mkdir(path, 0o777) != 0, errno != EEXIST {
            throw HostError.ofFile(path, "The folder of archives cannot be made.")
        }
        let file = try OutputFile(path, Self.name(key))
        return try ArchiveWriter(
            file, key, unit, workspace: workspace, project: project, path: "\(path)/\(Self.name(key))")
    }

    private static func name(_ key: ExperimentKey) -> String { "\(key.text).zip" }

    /// The JSON object in the comment that ends the file.
    private func comment(_ name: String) throws(HostError) -> JSON {
        guard let file = FileHandle(forReadingAtPath: "\(path)/\(name)") else {
            throw HostError.ofFile("\(path)/\(name)", "The archive cannot be read.")
        }
        defer { try? file.close() }
        let end = (try? file.seekToEnd()) ?? 0
        // The longest comment, and what stands before it.
        try? file.seek(toOffset: end - min(end, 65_535 + 22))
        let bytes = [UInt8]((try? file.readToEnd()) ?? Data())
        let mark: [UInt8] = [0x50, 0x4b, 0x05, 0x06]
        for start in stride(from: bytes.count - 22, through: 0, by: -1)
        where bytes[start..<start + 4].elementsEqual(mark) {
            return (try? JSON(parsing: Array(bytes[(start + 22)...]))) ?? .null
        }
        return .null
    }
}
