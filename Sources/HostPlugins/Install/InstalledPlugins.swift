// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
package import HostRecords

/// What lies in the user's folder, to be removed or put into the lock again.
package struct InstalledPlugins: Sendable {
    private let search: PluginSearch
    private let folder: String

    package init(_ search: PluginSearch) throws(HostError) {
        self.search = search
        folder = try PluginInstallation.userFolder(search)
    }

    /// The library that is, or would be, used under a name.
    package func library(named name: String) throws(HostError) -> String {
        let lock = try LockFile(folder: folder)
        let file = lock.record(named: name)?.file ?? "\(PluginFolder.filePrefix)\(name).so"
        if PluginName.isValid(name), FileFacts.exists("\(folder)/\(file)") { return "\(folder)/\(file)" }
        throw notInstalled(name)
    }

    /// - Returns: the record it had; nil when it was not in the lock.
    package func remove(named name: String) throws(HostError) -> LockRecord? {
        guard FileFacts.isFolder(folder) else { throw notInstalled(name) }
        return try FileChange.whileLocked(folder) { () throws(HostError) in
            var lock = try LockFile(folder: folder)
            let record = lock.record(named: name)
            // A record whose file is gone is removed as well.
            if record == nil { _ = try library(named: name) }
            try FileChange.remove("\(folder)/\(record?.file ?? "\(PluginFolder.filePrefix)\(name).so")")
            try FileChange.remove("\(folder)/\(name)\(PluginManifest.fileSuffix)")
            if record != nil {
                lock.remove(named: name)
                try lock.save()
            }
            return record
        }
    }

    /// Plugins of the same name in other folders, which the installed one stands before or behind, a sentence
    /// each.
    package func conflicts(of name: String) -> [String] {
        search.candidates().filter { $0.likelyName == name && $0.folder.place != .user }.map { other in
            other.folder.place == .path
                ? "\(other.path) comes first: \(PluginFolder.pathVariable) names its folder."
                : "It is used instead of \(other.path)."
        }
    }

    private func notInstalled(_ name: String) -> HostError {
        let other = search.candidates().first { $0.likelyName == name && $0.folder.place != .user }
        return HostError(
            .invalidOption,
            other.map { "'\(name)' was not installed by host plugin install; it lies in \($0.path)." }
                ?? "There is no installed plugin '\(name)'.",
            subject: name, remedy: "See host plugin list.")
    }
}
