// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
package import HostRecords

/// What a person asked to install: a library, a manifest, a folder that holds one of them, or a URL.
package struct InstallSource: Sendable {
    package enum Kind: Sendable {
        case file(String)
        case url(String)
    }

    /// As it was asked for.
    package let text: String
    package let library: Kind
    package let manifest: PluginManifest?

    /// - Parameter manifest: the path of the one to go by, when it does not lie beside the library.
    package init(_ text: String, manifest: String? = nil) throws(HostError) {
        let named = try manifest.map { (path) throws(HostError) in try PluginManifest(path: path) }
        let isURL = ["http://", "https://"].contains { text.lowercased().hasPrefix($0) }
        if isURL {
            self.text = text
            library = .url(text)
            self.manifest = named
            return
        }
        let path = FileFacts.absolute(text)
        self.text = path
        let facts = try FileFacts(path)
        if facts.kind != .folder, !path.hasSuffix(".toml") {
            library = .file(path)
            self.manifest = if let named { named } else { try Self.beside(path) }
        } else if manifest != nil {
            throw HostError(
                .invalidOption, "Only with a library can a manifest be named.", subject: path,
                remedy: "Name the .so file.")
        } else if facts.kind == .folder {
            (library, self.manifest) = try Self.folder(path)
        } else {
            (library, self.manifest) = try Self.manifest(path)
        }
    }

    /// Of the library, for a copy of it.
    var fileName: String {
        let name =
            switch library {
            case .file(let path), .url(let path): path.lastOfPath
            }
        let isPlain =
            name.hasSuffix(".so")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        return isPlain ? name : "plugin.so"
    }

    private static func beside(_ library: String) throws(HostError) -> PluginManifest? {
        guard let path = PluginManifest.beside(library) else { return nil }
        return try PluginManifest(path: path)
    }

    private static func manifest(_ path: String) throws(HostError) -> (Kind, PluginManifest) {
        let manifest = try PluginManifest(path: path)
        guard let library = manifest.libraryPath() else {
            let others = manifest.library.keys.sorted().joined(separator: ", ")
            throw HostError(
                .unsupported,
                "It has no library for \(Platform.current)\(others.isEmpty ? "" : ", only for \(others)").",
                subject: path, remedy: "Ask its author for a build.", retry: .stop)
        }
        guard FileFacts.exists(library) else {
            throw HostError(
                .notFound, "Its library \(library) is not there.", subject: path,
                remedy: "Build it, or name the library itself, and this file by --manifest.", retry: .stop)
        }
        return (.file(library), manifest)
    }

    private static func folder(_ path: String) throws(HostError) -> (Kind, PluginManifest?) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
        let manifests = names.filter { $0.hasSuffix(PluginManifest.fileSuffix) }
        if let only = manifests.first, manifests.count == 1 { return try manifest("\(path)/\(only)") }
        let libraries = names.filter { $0.hasSuffix(".so") }
        guard manifests.isEmpty, let only = libraries.first, libraries.count == 1 else {
            let found = manifests.isEmpty ? libraries : manifests
            throw HostError(
                .invalidOption,
                found.isEmpty
                    ? "The folder holds no plugin: no \(PluginManifest.fileSuffix) and no .so."
                    : "The folder holds several: \(found.joined(separator: ", ")).",
                subject: path, remedy: "Name the file to install.", retry: .stop)
        }
        return (.file("\(path)/\(only)"), nil)
    }
}

extension InstallSource {
    /// A plugin's library is a few megabytes, with a runtime linked in some tens.
    static let maxBytes = 512 << 20

    /// The library's bytes.
    func bytes(_ settings: HTTPSettings) throws(HostError) -> Data {
        switch library {
        case .file(let path):
            let facts = try FileFacts(path)
            guard facts.kind == .regular else {
                throw HostError(
                    .invalidData, "A plugin has to be a regular file.", subject: path, retry: .stop)
            }
            guard facts.size <= Self.maxBytes else { throw Self.tooLong(path) }
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw HostError(.io, "The file can't be read.", subject: path, retry: .stop)
            }
            return bytes
        case .url(let url):
            let service = try HTTPService(settings)
            defer { service.stop() }
            let answer = try service.makeQueue().send(
                HTTPRequest("GET", url, hidesQuery: true, maxAnswerBytes: Self.maxBytes))
            guard answer.status == 200 else {
                throw HostError(
                    answer.status == 404 ? .notFound : .unavailable, "The server answered \(answer.status).",
                    subject: url, retry: .stop, httpStatus: Int32(answer.status))
            }
            return Data(answer.body)
        }
    }

    private static func tooLong(_ path: String) -> HostError {
        HostError(.limit, "It is longer than \(maxBytes >> 20) MiB.", subject: path, retry: .stop)
    }
}
