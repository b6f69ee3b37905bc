// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A folder that plugins are searched in.
package struct PluginFolder: Sendable, Equatable {
    /// Why it is searched.
    package enum Place: String, Sendable {
        /// Named in `HOST_PLUGIN_PATH`: a developer's.
        case path
        /// Where `host plugin install` puts them; what lies there has to be in its lock.
        case user
        /// Belongs to host's own binary.
        case own
        /// Where packages of the system put them.
        case system
    }

    package static let filePrefix = "libhost-plugin-"
    package static let pathVariable = "HOST_PLUGIN_PATH"

    package let path: String
    package let place: Place
    /// Whether every `.so` counts, or only those named as the project's own: beside a binary lie other
    /// libraries too.
    let takesAnyName: Bool

    init(_ path: String, _ place: Place, takesAnyName: Bool = true) {
        self.path = path
        self.place = place
        self.takesAnyName = takesAnyName
    }

    /// In order of search: what a developer names, the user's, host's own, the system's. Never the working
    /// folder, so that a plugin in a downloaded archive is not run by chance; hence relative paths don't
    /// count.
    static func searched(_ environment: [String: String], binary: String) -> [PluginFolder] {
        var folders = (environment[pathVariable] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
            .map { PluginFolder(String($0), .path) }
        if let user = user(environment) { folders.append(user) }
        folders += own(binary)
        for path in ["/usr/local/lib/host/plugins", "/usr/lib/host/plugins"] {
            folders.append(PluginFolder(path, .system))
        }
        // The system's folders are host's own where it was installed so.
        return folders.enumerated().filter { index, folder in
            !folders.prefix(index).contains { $0.path == folder.path }
        }.map(\.element)
    }

    /// `host/plugins` in the user's data folder of the XDG base directory specification.
    package static func user(_ environment: [String: String]) -> PluginFolder? {
        let data = [environment["XDG_DATA_HOME"], environment["HOME"].map { $0 + "/.local/share" }]
        return data.compactMap { $0 }.first { $0.hasPrefix("/") }.map {
            PluginFolder($0 + "/host/plugins", .user)
        }
    }

    /// Beside the binary, as the build puts them, and `../lib/host/plugins`, as the installation does.
    static func own(_ binary: String) -> [PluginFolder] {
        [
            PluginFolder(binary.folderOfPath, .own, takesAnyName: false),
            PluginFolder(HostBinary.prefix(of: binary) + "/lib/host/plugins", .own),
        ]
    }

    /// Libraries in it, by name.
    func libraries() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().filter {
            $0.hasSuffix(".so") && !$0.hasPrefix(".") && (takesAnyName || $0.hasPrefix(Self.filePrefix))
        }.map { "\(path)/\($0)" }
    }
}
