// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP

enum Hash {
    /// Hexadecimal.
    static func sha256(_ bytes: [UInt8]) -> String {
        let hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }
}

/// What lies below a folder, to see whether somebody wrote there.
struct FolderState {
    private struct Entry: Equatable {
        var size: Int64
        var mode: UInt32
        var changed: [Int]
    }

    private var entries: [String: Entry] = [:]
    /// More than any fixture has.
    private static let most = 20_000

    init(_ folder: String) throws {
        let names = FileManager.default.enumerator(atPath: folder)
        while let name = names?.nextObject() as? String, entries.count < Self.most {
            var info = stat()
            guard lstat("\(folder)/\(name)", &info) == 0 else { continue }
            let isFolder = info.st_mode & S_IFMT == S_IFDIR
            entries[name] = Entry(
                size: isFolder ? 0 : Int64(info.st_size), mode: UInt32(info.st_mode),
                changed: isFolder ? [] : [Int(info.st_mtim.tv_sec), Int(info.st_mtim.tv_nsec)])
        }
    }

    var names: Set<String> { Set(entries.keys) }

    /// nil when nothing is other than it was.
    func difference(to later: FolderState) -> String? {
        for (name, entry) in later.entries.sorted(by: { $0.key < $1.key }) where entries[name] != entry {
            return "'\(name)' \(entries[name] == nil ? "is new" : "was changed")"
        }
        return entries.keys.sorted().first { later.entries[$0] == nil }.map { "'\($0)' is gone" }
    }

    /// The folder that an endpoint lies in; nil when it is none.
    static func location(_ values: EndpointValues?) -> String? {
        guard let scope = values?.scope, scope.hasPrefix("/") else { return nil }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: scope, isDirectory: &isFolder), isFolder.boolValue else {
            return nil
        }
        return scope
    }

    /// Whether an endpoint is a place below a test's own folder.
    static func isInScratch(_ values: EndpointValues?) -> Bool {
        values?.scope.contains(EndpointValues.scratchMark) == true
    }
}
