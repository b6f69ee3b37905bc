// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostRecords

/// Finds plugins: `HOST_PLUGIN_PATH`, the user's folder, the folders that belong to the binary. Never the working
/// folder. The first of a name wins.
package struct PluginSearch: Sendable {
    package struct Problem: Sendable {
        package let path: String
        package let error: HostError
    }

    /// Folders in order, with whether every `.so` there counts or only those named like the project's own: beside
    /// a binary lie other libraries too.
    private let folders: [(path: String, any: Bool)]

    package static let filePrefix = "libhost-plugin-"

    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        var folders: [(String, Bool)] = []
        for folder in (environment["HOST_PLUGIN_PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
            folders.append((String(folder), true))
        }
        let data = environment["XDG_DATA_HOME"] ?? environment["HOME"].map { $0 + "/.local/share" }
        if let data, data.hasPrefix("/") { folders.append((data + "/host/plugins", true)) }
        if let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            let home = (binary as NSString).deletingLastPathComponent
            folders.append((home, false))
            folders.append(((home as NSString).deletingLastPathComponent + "/lib/host/plugins", true))
        }
        self.folders = folders
    }

    package var searchedFolders: [String] { folders.map(\.path) }

    /// Candidate files in order of search; nothing is opened.
    package func candidates() -> [String] {
        folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().filter { $0.hasSuffix(".so") && (folder.any || $0.hasPrefix(Self.filePrefix)) }
                .map { folder.path + "/" + $0 }
        }
    }

    /// The plugin of that name. A file whose own name fits is tried first, so that the others need not be opened;
    /// what counts is the name in the descriptor.
    package func find(_ name: String) throws(HostError) -> PluginLibrary {
        let candidates = candidates()
        let likely = candidates.filter { ($0 as NSString).lastPathComponent == "\(Self.filePrefix)\(name).so" }
        var problems: [Problem] = []
        var others: [String] = []
        for path in likely + candidates.filter({ !likely.contains($0) }) {
            do {
                let library = try PluginLibrary(path: path)
                if library.name == name { return library }
                others.append(library.name)
            } catch {
                problems.append(Problem(path: path, error: error))
                if likely.contains(path) { throw error }
            }
        }
        let known = others.isEmpty ? "No plugin was found at all." : "Found: \(others.sorted().joined(separator: ", "))."
        let broken = problems.isEmpty ? "" : " \(problems.count) could not be opened (host plugin list tells why)."
        throw HostError(
            .invalidOption, "There is no plugin '\(name)'. \(known)\(broken)", subject: name,
            remedy: "See host plugin list.")
    }

    /// Opens every candidate once; of two with one name the first counts.
    package func all() -> (libraries: [PluginLibrary], problems: [Problem]) {
        var libraries: [PluginLibrary] = []
        var problems: [Problem] = []
        for path in candidates() {
            do {
                let library = try PluginLibrary(path: path)
                if let first = libraries.first(where: { $0.name == library.name }) {
                    problems.append(
                        Problem(
                            path: path,
                            error: HostError(
                                .conflict, "Shadowed: '\(library.name)' was found first in \(first.path).",
                                subject: path)))
                } else {
                    libraries.append(library)
                }
            } catch {
                problems.append(Problem(path: path, error: error))
            }
        }
        return (libraries.sorted { $0.name < $1.name }, problems)
    }
}
