// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// Refuses libraries that somebody else could have changed, or could exchange between this check and the
/// opening.
///
/// The second is why the folders count: when nobody else can rename anything on the way to a file, the file
/// that was checked is the file that is opened. So the way is resolved first, and what is opened is the
/// resolved path. (Opening by descriptor instead would lose the folder that `$ORIGIN` in a library's run path
/// stands for.)
package struct PluginTrust: Sendable {
    /// Root, this user, and whoever could exchange host's own binary, which takes no plugin to do harm.
    private let owners: Set<UInt32>

    package init(binary: String = HostBinary.path) {
        var owners: Set<UInt32> = [0, geteuid()]
        for place in Self.way(to: binary) {
            if let facts = try? FileFacts(place, followsLinks: false) { owners.insert(facts.owner) }
        }
        self.owners = owners
    }

    /// - Returns: the path with all links resolved, which is the one to open.
    package func check(_ path: String) throws(HostError) -> String {
        // Where a link lies decides what it leads to.
        try checkFolders(
            above: try FileFacts.resolved(path.folderOfPath) + "/" + path.lastOfPath, named: path)
        let real = try FileFacts.resolved(path)
        if real != path { try checkFolders(above: real, named: path) }
        let facts = try FileFacts(real, followsLinks: false)
        guard facts.kind == .regular else {
            throw HostError(.invalidData, "A plugin has to be a regular file.", subject: path, retry: .stop)
        }
        guard facts.owner == 0 || facts.owner == geteuid() else {
            throw refusal(
                path, "it belongs to another user (\(UserGroup.name(ofUser: facts.owner)))",
                "Install your own copy: host plugin install.")
        }
        if let (who, fix) = writers(facts) {
            throw refusal(path, "\(who) can change it", "chmod \(fix) \(real)")
        }
        return real
    }

    /// Everybody who can put files into a folder, in words.
    package static func writers(ofFolder path: String) -> [String] {
        guard let facts = try? FileFacts(path) else { return [] }
        var names = [UserGroup.name(ofUser: facts.owner)]
        if facts.groupMayWrite, !UserGroup.isPrivate(facts.group, of: facts.owner) {
            names.append("group \(facts.group)")
        }
        if facts.othersMayWrite { names.append("everybody") }
        return names
    }

    private func checkFolders(above path: String, named plugin: String) throws(HostError) {
        for folder in Self.way(to: path).dropLast() {
            let facts = try FileFacts(folder, followsLinks: false)
            guard owners.contains(facts.owner) else {
                throw refusal(
                    plugin,
                    "its folder \(folder) belongs to another user (\(UserGroup.name(ofUser: facts.owner)))",
                    "Install your own copy: host plugin install.")
            }
            if !facts.isSticky, let (who, fix) = writers(facts) {
                throw refusal(plugin, "\(who) can exchange files in \(folder)", "chmod \(fix) \(folder)")
            }
        }
    }

    private func writers(_ facts: FileFacts) -> (who: String, fix: String)? {
        if facts.othersMayWrite { return ("every user of this machine", "o-w") }
        if facts.groupMayWrite, facts.group != 0, !UserGroup.isPrivate(facts.group, of: facts.owner) {
            return ("the group \(facts.group)", "g-w")
        }
        return nil
    }

    /// `/`, each folder down to the file, and the file.
    private static func way(to path: String) -> [String] {
        var places = ["/"]
        for part in path.split(separator: "/") {
            places.append(places[places.count - 1] + (places.count == 1 ? "" : "/") + part)
        }
        return places
    }

    private func refusal(_ path: String, _ why: String, _ remedy: String) -> HostError {
        HostError(.forbidden, "The plugin is refused: \(why).", subject: path, remedy: remedy, retry: .stop)
    }
}
