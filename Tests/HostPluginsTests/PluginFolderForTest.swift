// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostHTTP
import HostPlugins
import HostRecords

/// Ways in which `Fixtures/named.c` is no plugin; the numbers are that file's.
enum Wrong: Int, CaseIterable {
    case noSymbol = 1
    case newerMajor, undefinedFunction, crashes, hangs
}

enum NamedPlugin {
    static func build(_ name: String = "named", version: String = "1.0.0", wrong: Wrong? = nil) throws
        -> String
    {
        try CompiledPlugin.build(
            "Tests/HostPluginsTests/Fixtures/named.c",
            macros: ["NAME=\"\(name)\"", "VERSION=\"\(version)\""]
                + (wrong.map { ["WRONG=\($0.rawValue)"] } ?? []))
    }
}

/// A user with a home of its own for one test; its folder is gone afterwards.
final class HomeForTest {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
            + "/host-home-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Where plugins are installed.
    var plugins: String { "\(path)/.local/share/host/plugins" }

    /// - Parameter paths: for `HOST_PLUGIN_PATH`.
    ///
    /// Its own binary lies in `bin`; worker processes are the program that was built beside the tests.
    func search(_ paths: [String] = [], isolation: Isolation = .foreign, seconds: Double = 30) -> PluginSearch
    {
        var workers = WorkerSettings()
        workers.executable = (HostBinary.path as NSString).deletingLastPathComponent + "/host"
        workers.callTimeout = seconds
        return PluginSearch(
            environment: ["HOME": path, "HOST_PLUGIN_PATH": paths.joined(separator: ":")],
            isolation: isolation,
            workers: workers, binary: "\(path)/bin/host")
    }

    /// A folder below the home with a copy of a file in it.
    func put(_ file: String, _ folder: String, as name: String) throws -> String {
        let place = "\(path)/\(folder)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
        try FileManager.default.copyItem(atPath: file, toPath: "\(place)/\(name)")
        return "\(place)/\(name)"
    }

    @discardableResult
    func install(_ source: String, sha256: String? = nil) throws -> LockRecord {
        let search = search()
        let installation = try PluginInstallation(
            try InstallSource(source), expected: sha256, search: search, http: HTTPSettings())
        defer { installation.discard() }
        _ = try installation.examine()
        return try installation.finish(at: "2026-11-21T07:00:00.000Z")
    }
}

/// The error that `body` must throw.
func hostError(_ body: () throws -> Void) -> HostError? {
    do {
        try body()
        return nil
    } catch {
        return error as? HostError
    }
}

func setMode(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}
