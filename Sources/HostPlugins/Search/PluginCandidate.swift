// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// A file that may be a plugin; nothing of it was opened.
package struct PluginCandidate: Sendable {
    /// What the lock of its folder says of it.
    enum Lock: Sendable {
        /// Not the user's folder.
        case notNeeded
        case missing
        case record(LockRecord)
        /// The lock itself can't be used.
        case broken(HostError)
    }

    package let path: String
    package let folder: PluginFolder
    let lock: Lock

    /// The record of its installation.
    package var record: LockRecord? {
        if case .record(let record) = lock { record } else { nil }
    }

    /// The name that it has in all likelihood, so that others need not be opened. What counts is its
    /// descriptor.
    package var likelyName: String? {
        if let record { return record.name }
        let file = path.lastOfPath
        guard file.hasPrefix(PluginFolder.filePrefix) else { return nil }
        return String(file.dropFirst(PluginFolder.filePrefix.count).dropLast(".so".count))
    }
}
