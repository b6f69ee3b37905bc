// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Gives each file of a run an artifact path that the server stores as it is and that no other file has.
///
/// A name that cannot stay gets `_` for what is refused, and a mark made of the original: so it is the same
/// in every load, and two odd names never meet.
struct ArtifactPaths {
    struct Place {
        let path: String
        let isRenamed: Bool
    }

    private var files: Set<String> = []
    private var directories: Set<String> = []

    /// `identity`: what tells this file from all others of the run.
    mutating func place(_ directory: [String], _ name: String, identity: String) -> Place {
        var path = ""
        var original = ""
        for part in directory {
            original += "/\(part)"
            let isFirst = path.isEmpty
            var next = path.appending(component: ArtifactName.safe(part, identity: original, isFirst: isFirst))
            if files.contains(next) {
                next = path.appending(component: ArtifactName.marked(part, identity: original, isFirst: isFirst))
            }
            directories.insert(next)
            path = next
        }
        let isFirst = path.isEmpty
        var result = path.appending(component: ArtifactName.safe(name, identity: identity, isFirst: isFirst))
        var round = 0
        while files.contains(result) || directories.contains(result) {
            round += 1
            let mark = round == 1 ? identity : "\(identity) \(round)"
            result = path.appending(component: ArtifactName.marked(name, identity: mark, isFirst: isFirst))
        }
        files.insert(result)
        return Place(path: result, isRenamed: result != (directory + [name]).joined(separator: "/"))
    }

    /// Where a directory without odd neighbours lies.
    func directory(_ parts: [String]) -> String {
        var original = ""
        return parts.reduce("") { path, part in
            original += "/\(part)"
            return path.appending(component: ArtifactName.safe(part, identity: original, isFirst: path.isEmpty))
        }
    }
}

/// One part of an artifact path.
enum ArtifactName {
    /// Bytes; what file systems take.
    private static let maxBytes = 255

    /// - Parameter isFirst: whether the path begins with it.
    static func safe(_ name: String, identity: String, isFirst: Bool) -> String {
        isSafe(name, isFirst) ? name : marked(name, identity: identity, isFirst: isFirst)
    }

    /// The name without what the server refuses or changes, with a mark before its ending.
    static func marked(_ name: String, identity: String, isFirst: Bool) -> String {
        var units = Array(name.utf8)
        for index in units.indices where isRefused(units, index, isFirst) { units[index] = UInt8(ascii: "_") }
        let clean = String(decoding: units, as: UTF8.self)
        let mark = "_\(StableHash.mark(identity))"
        let dot = clean.utf8.lastIndex(of: UInt8(ascii: "."))
        guard let dot, dot > clean.startIndex, clean[dot...].utf8.count <= 16, clean[..<dot] != "." else {
            return dotless(clean.prefix(bytes: maxBytes - mark.utf8.count)) + mark
        }
        let ending = clean[dot...]
        let stem = String(clean[..<dot]).prefix(bytes: maxBytes - mark.utf8.count - ending.utf8.count)
        return stem + mark + ending
    }

    private static func isSafe(_ name: String, _ isFirst: Bool) -> Bool {
        let units = Array(name.utf8)
        guard !units.isEmpty, units.count <= maxBytes, name != ".", name != ".." else { return false }
        return !units.indices.contains { isRefused(units, $0, isFirst) }
    }

    /// Refused: `#`, control characters, slashes of both kinds. Changed: what looks like an encoded character, since
    /// the server decodes more than once; blanks at the ends, which its lists strip although uploads keep them. Hidden:
    /// a directory `a:b` at the top, whose list is empty, since the server takes `a` for the scheme of a URL.
    private static func isRefused(_ units: [UInt8], _ index: Int, _ isFirst: Bool) -> Bool {
        switch units[index] {
        case UInt8(ascii: ":"): isFirst
        case ..<0x20, 0x7F, UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: "/"): true
        case UInt8(ascii: " "): index == 0 || index == units.count - 1
        case UInt8(ascii: "%"):
            index + 2 < units.count && isHex(units[index + 1]) && isHex(units[index + 2])
        default: false
        }
    }

    private static func isHex(_ unit: UInt8) -> Bool { Character(Unicode.Scalar(unit)).isHexDigit }

    private static func dotless(_ name: String) -> String {
        name.allSatisfy { $0 == "." } ? String(repeating: "_", count: name.count) : name
    }
}

extension String {
    var pathComponents: [String] {
        split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    func appending(component: String) -> String { isEmpty ? component : "\(self)/\(component)" }

    /// At most `count` bytes, cut between characters.
    func prefix(bytes count: Int) -> String {
        guard utf8.count > count else { return self }
        var result = Substring()
        var size = 0
        for index in indices {
            size += self[index].utf8.count
            guard size <= count else { break }
            result = self[...index]
        }
        return String(result)
    }
}
