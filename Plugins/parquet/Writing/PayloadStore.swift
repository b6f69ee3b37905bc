// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Puts the payloads of one run below the files folder, named as the Neptune 3 exporter names them:
/// `RUN/ATTRIBUTE[/step_N_NNNNNN]EXTENSION`, each part sanitized, so that nothing leaves the folder.
struct PayloadStore {
    private let root: String
    private let runParts: [String]
    private var taken: Set<ExactText> = []
    private var madeFolders: Set<String> = []
    private(set) var renamed: [String] = []
    /// Paths of files that a reader will find under another file name than they came with.
    private(set) var unlike: [String] = []

    init(filesPath: String, projectFolder: String, run: String) {
        root = "\(filesPath)/\(projectFolder)"
        runParts = Self.parts(run)
    }

    /// Copies one file in and answers its path below the root; of a directory's member, the directory's.
    mutating func store(
        _ blob: OpenBlob, path: String, role: String, name: String, step: Step?, _ call: Call
    ) throws(HostError) -> String {
        var parts = runParts + Self.parts(path)
        let directory = parts.joined(separator: "/")
        switch role {
        case "member":
            // The first part of a member's name is the directory's own.
            let inside = name.split(separator: "/").dropFirst().map { Self.fileName(String($0)) }
            parts += inside.isEmpty ? [Self.fileName(name)] : inside
        case "listing":
            parts.append("files_list.json")
        case "series":
            parts.append(Self.stepName(step) + Self.fileExtension(name))
        default:
            parts[parts.count - 1] += Self.fileExtension(name)
        }
        let place = free(parts.joined(separator: "/"), path)
        try copy(blob, to: place, call)
        if !Self.nameWhenRead(place, role, directory).utf8.elementsEqual(name.utf8) { unlike.append(path) }
        return role == "member" ? directory : place
    }

    /// As `FileRows` tells it.
    private static func nameWhenRead(_ place: String, _ role: String, _ directory: String) -> String {
        func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
        guard role == "member" else { return last(place) }
        return last(directory) + place.dropFirst(directory.count)
    }

    private static func parts(_ path: String) -> [String] {
        let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
        return parts.isEmpty ? ["_"] : parts.map { SafeName.pathPart($0) }
    }

    /// `step_2_500000`: six decimals, the point sanitized.
    private static func stepName(_ step: Step?) -> String {
        guard let step else { return "step_none" }
        let isNegative = step.whole < 0 && step.millionths > 0
        let whole = isNegative ? step.whole + 1 : step.whole
        let fraction = String(isNegative ? 1_000_000 - step.millionths : step.millionths)
        let sign = isNegative && whole == 0 ? "-" : ""
        return "step_\(sign)\(whole)_" + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    /// A short extension of letters and digits, or none.
    private static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        let letters = name[name.index(after: dot)...]
        let isPlain = letters.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isPlain && !letters.isEmpty && letters.count <= 16 ? "." + letters : ""
    }

    /// Names inside a directory stay as they are, but for what can't be a file's name.
    private static func fileName(_ name: String) -> String {
        if name == ".." || name == "." || name.utf8.count > 200 || name.utf8.contains(0) { return SafeName.pathPart(name) }
        return name
    }

    /// Two attributes such as `a.b` and `a_b` have one sanitized name: the second gets a digest.
    private mutating func free(_ place: String, _ path: String) -> String {
        if taken.insert(ExactText(place)).inserted { return place }
        renamed.append(path)
        let url = URL(fileURLWithPath: place)
        let ending = url.pathExtension.isEmpty ? "" : "." + url.pathExtension
        var attempt = 0
        while true {
            let other = String(place.dropLast(ending.count)) + "_" + SafeName.digest("\(path) \(attempt)") + ending
            if taken.insert(ExactText(other)).inserted { return other }
            attempt += 1
        }
    }

    private mutating func copy(_ blob: OpenBlob, to place: String, _ call: Call) throws(HostError) {
        let path = "\(root)/\(place)"
        let folder = (path as NSString).deletingLastPathComponent
        if madeFolders.insert(folder).inserted { try Folders.make(folder) }
        let file = try DurableFile(path)
        var offset: Int64 = 0
        while offset < blob.size {
            let bytes = try blob.read(at: offset, count: Int(min(blob.size - offset, 1 << 20)), call)
            guard !bytes.isEmpty else {
                throw HostError(.invalidData, "The file ended before its size.", subject: place, retry: .later)
            }
            try file.append(bytes)
            offset += Int64(bytes.count)
        }
        try file.finish()
    }
}
