// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostRecords

extension PluginSearch {
    /// Opens one that was found, after every check.
    package func open(_ candidate: PluginCandidate) throws(HostError) -> PluginLibrary {
        let library = try open(checked: try check(candidate))
        if let record = candidate.record, record.name != library.name {
            throw HostError(
                .invalidData, "It calls itself '\(library.name)', and was installed as '\(record.name)'.",
                subject: candidate.path, remedy: "host plugin remove \(record.name), then install it again.",
                retry: .stop)
        }
        return library
    }

    /// Opens a file that passed the checks. The one place that decides where a plugin's code runs.
    package func open(checked path: String) throws(HostError) -> PluginLibrary {
        if isIsolated(path) { return try PluginLibrary(isolated: path, workers) }
        // Runtimes that take the whole process for themselves have no place in this one, whatever was asked
        // for.
        if isolation == .none, !isOurs(path) {
            let library = try PluginLibrary(isolated: path, workers)
            if Self.needsOwnProcess(library.runtime) { return library }
        }
        return try PluginLibrary(path: path)
    }

    /// Go's runtime brings signal handlers and threads that don't mix with a second one, and of `other`
    /// nobody knows.
    private static func needsOwnProcess(_ runtime: String) -> Bool { ["go", "other"].contains(runtime) }

    private func isOurs(_ path: String) -> Bool { ownFolders.contains(path.folderOfPath) }

    /// Whether this file's code runs in a process of its own.
    ///
    /// - Parameter path: with all links resolved.
    package func isIsolated(_ path: String) -> Bool {
        switch isolation {
        case .all: true
        case .none: false
        case .foreign: !isOurs(path)
        }
    }

    /// Everything that can be known of a file without running it.
    ///
    /// - Returns: the path to open, with all links resolved.
    package func check(_ candidate: PluginCandidate) throws(HostError) -> String {
        let path = try trust.check(candidate.path)
        switch candidate.lock {
        case .notNeeded: break
        case .broken(let error): throw error
        case .missing:
            throw HostError(
                .forbidden,
                "The plugin is refused: it was not installed by host (it isn't in \(LockFile.name)).",
                subject: candidate.path, remedy: "host plugin install \(candidate.path), or remove the file.",
                retry: .stop)
        case .record(let record):
            guard try record.fits(path) else {
                throw HostError(
                    .forbidden, "The plugin is refused: the file has changed since it was installed.",
                    subject: candidate.path,
                    remedy: "Install it again, or, if the change is yours: host plugin install --relock "
                        + "\(record.name)", retry: .stop)
            }
        }
        // Host's own were built with it.
        if candidate.folder.place != .own { _ = try ELFFile(path) }
        return path
    }
}
