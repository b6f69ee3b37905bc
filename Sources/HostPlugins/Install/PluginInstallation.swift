// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostHTTP
package import HostRecords

/// A plugin on its way into the user's folder: copied there under a passing name first, so that what is
/// examined is what will be installed, then examined, then moved into its place.
///
/// Thread rule: one thread. `discard` is due in any case; after `finish` it only cleans up.
package final class PluginInstallation {
    package let source: InstallSource
    package let sha256: String
    /// Bytes.
    package let size: Int64
    /// The copy that is examined.
    package let library: String
    /// The copy of the manifest beside it; nil when there is none.
    package let manifestPath: String?

    private let search: PluginSearch
    private let folder: String
    private let stage: String
    private var description: PluginDescription?

    /// Copies, or downloads, and checks everything that can be seen without running the plugin.
    ///
    /// - Parameter expected: the SHA-256 that the library must have; a URL needs it.
    package init(
        _ source: InstallSource, expected: String?, search: PluginSearch, http: HTTPSettings
    ) throws(HostError) {
        if case .url(let url) = source.library, expected == nil {
            throw HostError(
                .invalidOption, "A plugin from the network needs its SHA-256.", subject: url,
                remedy: "Take it from the author's page and give it by --sha256.")
        }
        if let expected, !FileDigest.isDigest(expected) {
            throw HostError(
                .invalidOption, "'\(expected)' is not made of 64 hexadecimal digits.", subject: "--sha256")
        }
        self.source = source
        self.search = search
        folder = try Self.userFolder(search)
        stage = "\(folder)/.install-\(UUID().uuidString)"
        library = "\(stage)/\(source.fileName)"
        let bytes = try source.bytes(http)
        size = Int64(bytes.count)
        do {
            try FileChange.makeFolder(stage)
            try FileChange.write(bytes, toNew: library, mode: 0o644)
            sha256 = try FileDigest.sha256(of: library)
            if let manifest = source.manifest {
                let copy = "\(stage)/plugin\(PluginManifest.fileSuffix)"
                let text = try FileFacts.text(of: manifest.path, limit: 1 << 20)
                try FileChange.write(Data(text.utf8), toNew: copy, mode: 0o644)
                manifestPath = copy
            } else {
                manifestPath = nil
            }
            try Self.checkDigest(sha256, expected?.lowercased(), "--sha256", source.text)
            try Self.checkDigest(
                sha256, source.manifest?.library[Platform.current]?.sha256, "its manifest", source.text)
            try ELFFile(library).checkPlugin()
            _ = try search.trust.check(library)
        } catch {
            try? FileManager.default.removeItem(atPath: stage)
            throw Self.retold(error, library, source.text)
        }
    }

    /// What is installed now under the name that the manifest or the library says.
    package func replaced() throws(HostError) -> LockRecord? {
        guard let name = description?.name ?? source.manifest?.name else { return nil }
        return try LockFile(folder: folder).record(named: name)
    }

    /// Runs the plugin for the first time: it describes itself, and that has to be what its manifest says.
    package func examine() throws(HostError) -> PluginDescription {
        do {
            let description = try search.open(checked: library).description
            try source.manifest?.mustDescribe(description, library: source.text)
            self.description = description
            return description
        } catch {
            throw Self.retold(error, library, source.text)
        }
    }

    /// Moves it into its place. A process that uses an older version goes on with that.
    ///
    /// - Parameter time: of the installation, RFC 3339.
    package func finish(at time: String) throws(HostError) -> LockRecord {
        guard let description else {
            throw HostError(.internal, "A plugin is installed that was not examined.")
        }
        let name = description.name
        let file = "\(PluginFolder.filePrefix)\(name).so"
        return try FileChange.whileLocked(folder) { () throws(HostError) in
            var lock = try LockFile(folder: folder)
            let old = lock.record(named: name)
            // Put into the lock again in its place, a plugin still came from where it came from.
            let isRelocked = source.text == "\(folder)/\(file)"
            let record = LockRecord(
                name: name, version: description.version, abi: "\(PluginABI.major).\(description.abiMinor)",
                platform: Platform.current, file: file, sha256: sha256, size: size, roles: description.roles,
                summary: description.summary, installed: time,
                source: isRelocked ? old?.source ?? source.text : source.text)
            // Whatever ends this between two steps leaves a file that differs from its record, which is
            // refused.
            try FileChange.move(library, to: "\(folder)/\(file)")
            let manifest = "\(folder)/\(name)\(PluginManifest.fileSuffix)"
            if let manifestPath {
                try FileChange.move(manifestPath, to: manifest)
            } else {
                try FileChange.remove(manifest)
            }
            lock.set(record)
            try lock.save()
            // A file that was put here by hand, under a name of its own, is now installed under the right
            // one.
            if case .file(let path) = source.library, path.folderOfPath == folder, path.lastOfPath != file {
                try FileChange.remove(path)
            }
            return record
        }
    }

    package func discard() {
        try? FileManager.default.removeItem(atPath: stage)
    }

    static func userFolder(_ search: PluginSearch) throws(HostError) -> String {
        guard let folder = search.folders.first(where: { $0.place == .user }) else {
            throw HostError(
                .invalidState, "There is no folder for plugins: neither XDG_DATA_HOME nor HOME is set.",
                remedy: "Set HOME.", retry: .stop)
        }
        return FileFacts.absolute(folder.path)
    }

    private static func checkDigest(
        _ found: String, _ wanted: String?, _ who: String, _ path: String
    ) throws(HostError) {
        guard let wanted, wanted != found else { return }
        throw HostError(
            .invalidData, "Its SHA-256 is \(found), and \(who) says \(wanted).", subject: path,
            remedy: "This is not the file that was meant; do not use it.", retry: .stop)
    }

    /// The passing copy means nothing to a person: the file that was named does.
    private static func retold(_ error: HostError, _ copy: String, _ source: String) -> HostError {
        var error = error
        error.subject = error.subject.replacing(copy, with: source)
        error.message = error.message.replacing(copy, with: source)
        error.remedy = error.remedy.replacing(copy, with: source)
        return error
    }
}
