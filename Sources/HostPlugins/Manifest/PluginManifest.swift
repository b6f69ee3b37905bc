// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What `NAME.plugin.toml` beside a library says of it, so that a plugin can be listed, compared and tested
/// without its code being run. It is a cache of the truth: where the library's own descriptor differs, the
/// descriptor counts and the difference is an error.
package struct PluginManifest: Sendable {
    package struct Library: Sendable, Equatable {
        /// Relative to the manifest's folder.
        package var file: String
        /// 64 lower-case hexadecimal digits.
        package var sha256: String?
    }

    package struct Conformance: Sendable {
        /// The level that the author reached; nil when nothing is said.
        package var level: Int?
        /// Where the tests read.
        package var exporter: End?
        /// Where the tests write.
        package var loader: End?
        /// The command of a server that the tests need; empty when none is.
        package var service: [String] = []
        package var gaps: [Gap] = []

        package init() {}
    }

    /// One side of the tests. Placeholders as `{folder}` stand in it as they were written.
    package struct End: Sendable {
        package var endpoint: String
        /// Values by the options' names.
        package var options: [String: String]
        /// A command that prints what the target holds; nil when the plugin reads back itself.
        package var count: [String]?

        package init(endpoint: String, options: [String: String] = [:], count: [String]? = nil) {
            self.endpoint = endpoint
            self.options = options
            self.count = count
        }
    }

    /// A test that is known to fail or can't be run.
    package struct Gap: Sendable, Equatable {
        package var test: String
        package var reason: String

        package init(test: String, reason: String) {
            self.test = test
            self.reason = reason
        }
    }

    package struct ABIVersion: Sendable, Equatable, CustomStringConvertible {
        package var major: Int
        package var minor: Int

        package init(major: Int, minor: Int) {
            self.major = major
            self.minor = minor
        }

        package var description: String { "\(major).\(minor)" }
    }

    package static let fileSuffix = ".plugin.toml"
    /// The newest form of manifests that is understood.
    package static let newest = 1

    /// Absolute.
    package let path: String
    package var name: String
    package var version: String
    package var abi: ABIVersion
    package var roles: Roles
    package var runtime: String
    package var licence: String
    package var home: String?
    package var summary: String?
    /// By platform, as `linux-x86_64`.
    package var library: [String: Library]
    package var conformance: Conformance

    /// The folder that it lies in.
    package var folder: String { path.folderOfPath }

    /// The library of a platform, when the manifest has one for it.
    package func libraryPath(on platform: String = Platform.current) -> String? {
        library[platform].map { "\(folder)/\($0.file)" }
    }

    /// The manifest that lies beside a library: of `libhost-plugin-csv.so`, `libcsv.so` and `csv.so` it is
    /// `csv.plugin.toml`.
    package static func beside(_ library: String) -> String? {
        var stem = library.lastOfPath
        guard stem.hasSuffix(".so") else { return nil }
        stem.removeLast(".so".count)
        for prefix in [PluginFolder.filePrefix, "lib", ""] where stem.hasPrefix(prefix) {
            let path = "\(library.folderOfPath)/\(stem.dropFirst(prefix.count))\(fileSuffix)"
            if FileFacts.exists(path) { return path }
        }
        return nil
    }
}
