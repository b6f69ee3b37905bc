// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostRecords

/// Finds plugins: `HOST_PLUGIN_PATH`, the user's folder, the folders that belong to the binary, the system's.
/// Never the working folder. The first of a name wins.
package struct PluginSearch: Sendable {
    package struct Problem: Sendable {
        package let path: String
        package let error: HostError
    }

    /// In order of search.
    package let folders: [PluginFolder]
    package let isolation: Isolation
    /// What a worker process may cost.
    package let workers: WorkerSettings
    let trust: PluginTrust
    /// Named in `HOST_PLUGIN_PATH` and not searched, since they are relative to the working folder.
    package let ignoredFolders: [String]
    /// With all links resolved.
    let ownFolders: Set<String>

    package init(
        environment: [String: String] = ProcessInfo.processInfo.environment, isolation: Isolation = .foreign,
        workers: WorkerSettings = WorkerSettings(), binary: String = HostBinary.path
    ) {
        folders = PluginFolder.searched(environment, binary: binary)
        self.isolation = isolation
        self.workers = workers
        ignoredFolders = (environment[PluginFolder.pathVariable] ?? "").split(separator: ":").map(String.init)
            .filter { !$0.hasPrefix("/") }
        trust = PluginTrust(binary: binary)
        ownFolders = Set(PluginFolder.own(binary).compactMap { try? FileFacts.resolved($0.path) })
    }

    package var searchedFolders: [String] { folders.map(\.path) }

    /// Files in order of search; nothing is opened.
    package func candidates() -> [PluginCandidate] {
        folders.flatMap { candidates(in: $0) }
    }

    func candidates(in folder: PluginFolder) -> [PluginCandidate] {
        let libraries = folder.libraries()
        guard folder.place == .user, !libraries.isEmpty else {
            return libraries.map { PluginCandidate(path: $0, folder: folder, lock: .notNeeded) }
        }
        do {
            let lock = try LockFile(folder: folder.path)
            return libraries.map { path in
                let record = lock.records.first { $0.file == path.lastOfPath }
                return PluginCandidate(
                    path: path, folder: folder, lock: record.map { .record($0) } ?? .missing)
            }
        } catch {
            return libraries.map { PluginCandidate(path: $0, folder: folder, lock: .broken(error)) }
        }
    }

    /// The first plugin of that name. Files whose own name or lock says another are opened only when no other
    /// has it.
    package func find(_ name: String) throws(HostError) -> PluginLibrary {
        let candidates = candidates()
        var others: [String] = []
        var brokenCount = 0
        for isLikely in [true, false] {
            for candidate in candidates where (candidate.likelyName ?? name == name) == isLikely {
                do {
                    let library = try open(candidate)
                    if library.name == name { return library }
                    others.append(library.name)
                } catch {
                    // One further down the path must not take its place in silence.
                    if candidate.likelyName == name { throw error }
                    brokenCount += 1
                }
            }
        }
        let known =
            others.isEmpty
            ? "No plugin was found at all." : "Found: \(Set(others).sorted().joined(separator: ", "))."
        let broken =
            brokenCount == 0 ? "" : " \(brokenCount) could not be opened (host plugin list tells why)."
        throw HostError(
            .invalidOption, "There is no plugin '\(name)'. \(known)\(broken)", subject: name,
            remedy: "See host plugin list.")
    }

    /// Opens every plugin once; of two with one name the first counts.
    package func all() -> (libraries: [PluginLibrary], problems: [Problem]) {
        var libraries: [PluginLibrary] = []
        var problems: [Problem] = []
        for listing in listings() {
            if let error = listing.error {
                problems.append(Problem(path: listing.candidate.path, error: error))
                continue
            }
            do {
                if let library = listing.library {
                    libraries.append(library)
                } else {
                    libraries.append(try open(listing.candidate))
                }
            } catch {
                problems.append(Problem(path: listing.candidate.path, error: error))
            }
        }
        return (libraries.sorted { $0.name < $1.name }, problems)
    }
}
