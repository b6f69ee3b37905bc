// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
package import HostRecords

/// The beginning of a new plugin: the SDK's template of a language with the new name put in.
package struct PluginTemplate: Sendable {
    package enum Language: String, Sendable, CaseIterable {
        case c
        case swift

        /// What builds it in its folder, and puts the library beside the manifest.
        package func buildCommand(_ name: String) -> String {
            switch self {
            case .c: "make"
            case .swift: "swift build -c release && cp .build/release/\(PluginTemplate.library(name)) ."
            }
        }
    }

    /// The file of a plugin of that name.
    package static func library(_ name: String) -> String { "\(PluginFolder.filePrefix)\(name).so" }

    private let name: String
    private let language: Language
    private let sdk: String

    package init(name: String, language: Language, sdk: String) throws(HostError) {
        guard PluginName.isValid(name), name.first?.isLetter == true, name.last != "-", !name.contains("--")
        else {
            throw HostError(
                .invalidOption,
                "A plugin's name is made of lower-case letters, digits and '-', and begins with a letter.",
                subject: name)
        }
        self.name = name
        self.language = language
        self.sdk = sdk
    }

    /// Writes the template into a folder that is not there yet, or is empty.
    ///
    /// - Returns: the files, relative to the folder, sorted.
    package func write(to folder: String) throws(HostError) -> [String] {
        let source = "\(sdk)/templates/\(language.rawValue)"
        guard FileFacts.isFolder(source) else {
            throw HostError(
                .notFound, "The SDK has no template for \(language.rawValue).", subject: source, retry: .stop)
        }
        let folder = FileFacts.absolute(folder)
        let present = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard present.isEmpty, !FileFacts.exists(folder) || FileFacts.isFolder(folder) else {
            throw HostError(
                .invalidOption, "The folder is not empty; nothing was written.", subject: folder,
                remedy: "Name another by --folder.")
        }
        var files: [String] = []
        for path in try Self.files(below: source) {
            let target = filled(path)
            let place = "\(folder)/\(target)"
            try FileChange.makeFolder(place.folderOfPath)
            let text = try FileFacts.text(of: "\(source)/\(path)", limit: 1 << 20)
            let isProgram = FileManager.default.isExecutableFile(atPath: "\(source)/\(path)")
            try FileChange.write(Data(filled(text).utf8), toNew: place, mode: isProgram ? 0o755 : 0o644)
            files.append(target)
        }
        // A C plugin needs nothing but the headers, and its folder can be given away with them.
        if language == .c {
            for path in try Self.files(below: "\(sdk)/include") where path.hasSuffix(".h") {
                let place = "\(folder)/include/\(path)"
                try FileChange.makeFolder(place.folderOfPath)
                let text = try FileFacts.text(of: "\(sdk)/include/\(path)", limit: 1 << 20)
                try FileChange.write(Data(text.utf8), toNew: place, mode: 0o644)
                files.append("include/\(path)")
            }
        }
        return files.sorted()
    }

    /// With the placeholders of the templates filled in.
    private func filled(_ text: String) -> String {
        let parts = name.split(separator: "-")
        let values = [
            "name": name,
            "identifier": parts.joined(separator: "_"),
            "Type": parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(),
            // It stands in a literal of Swift.
            "sdk": sdk.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""),
        ]
        return values.reduce(text) { $0.replacing("{{\($1.key)}}", with: $1.value) }
    }

    /// Paths of the files below a folder, relative to it; what a build left there is passed over.
    private static func files(below folder: String) throws(HostError) -> [String] {
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw HostError(.io, "The folder can't be read.", subject: folder, retry: .stop)
        }
        var files: [String] = []
        for entry in entries where ![".build", "build", "Package.resolved"].contains(entry) {
            if FileFacts.isFolder("\(folder)/\(entry)") {
                files += try Self.files(below: "\(folder)/\(entry)").map { "\(entry)/\($0)" }
            } else if !entry.hasSuffix(".so") && !entry.hasSuffix(".o") {
                files.append(entry)
            }
        }
        return files
    }
}
