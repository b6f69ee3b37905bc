// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// `host.lock` in the user's plugin folder: what was installed there, so that a file that came otherwise, or
/// changed since, is not run.
package struct LockFile: Sendable {
    package static let name = "host.lock"
    /// The newest form that is understood.
    private static let newest = 1
    private static let head = """
        # What host plugin install put into this folder. A plugin that is not named here, or has another
        # SHA-256, is not opened.
        lock = \(newest)

        """

    package private(set) var records: [LockRecord] = []
    private let folder: String

    /// Empty when there is none.
    package init(folder: String) throws(HostError) {
        self.folder = folder
        let path = "\(folder)/\(Self.name)"
        guard FileFacts.exists(path) else { return }
        let facts = try FileFacts(path, followsLinks: false)
        guard facts.kind == .regular, facts.owner == 0 || facts.owner == geteuid(), !facts.othersMayWrite
        else {
            throw HostError(
                .forbidden, "The lock of the plugins is refused: other users can change it.", subject: path,
                remedy: "chmod go-w \(path), and look at what it says.", retry: .stop)
        }
        let document = try TOMLSection(document: try FileFacts.text(of: path, limit: 4 << 20), path: path)
        let form = try document.integer("lock")
        guard form == Self.newest else {
            throw document.wrong("lock", "is \(form); this host knows \(Self.newest)")
        }
        for section in try document.sections("plugin") { records.append(try LockRecord(section)) }
        try document.finish()
    }

    package func record(named name: String) -> LockRecord? { records.first { $0.name == name } }

    package mutating func set(_ record: LockRecord) {
        records.removeAll { $0.name == record.name }
        records.append(record)
        records.sort { $0.name < $1.name }
    }

    package mutating func remove(named name: String) { records.removeAll { $0.name == name } }

    /// Puts the new lock into the place of the old one at once, and on the disk before it returns.
    package func save() throws(HostError) {
        let text = Self.head + records.map { "\n" + $0.toml }.joined()
        try FileChange.write(text, to: "\(folder)/\(Self.name)")
    }
}
