// SPDX-License-Identifier: Apache-2.0

public import CHost

/// What a target holds under a unit's key or name; `host_found` of `loader.h`.
public struct Found: Sendable {
    public enum State: Int32, Sendable {
        case nothing = 0
        /// Ours, incomplete, writing can go on.
        case partial = 1
        /// Ours, incomplete, has to be made anew.
        case broken = 2
        case complete = 3
        /// Not ours: the same name, by another tool or a person.
        case foreign = 4
    }

    public var state: State
    public var target: String
    public var url: String
    public var revision: String
    /// For people: what was found.
    public var note: String

    public init(
        _ state: State, target: String = "", url: String = "", revision: String = "", note: String = ""
    ) {
        self.state = state
        self.target = target
        self.url = url
        self.revision = revision
        self.note = note
    }

    public init(_ found: host_found) {
        self.init(
            State(rawValue: found.state) ?? .foreign, target: found.target.string, url: found.url.string,
            revision: found.revision.string, note: found.note.string)
    }

    /// Views into `arena`.
    public func border(_ arena: TextArena) -> host_found {
        host_found(
            struct_size: UInt32(MemoryLayout<host_found>.size), state: state.rawValue, target: arena.text(target),
            url: arena.text(url), revision: arena.text(revision), note: arena.text(note))
    }
}

/// How a loader is to take up a unit; `HOST_BEGIN_…` of `loader.h`.
public enum BeginMode: Int32, Sendable {
    /// Make it, whatever lies there under that name.
    case new = 0
    /// Go on with what was found; rows may come again and are not doubled.
    case `continue` = 1
    /// What was found goes away, then as new.
    case replace = 2
}

/// The unit in the target, once it is complete.
public struct Target: Sendable {
    public var id: String
    public var url: String

    public init(id: String, url: String = "") {
        self.id = id
        self.url = url
    }
}

/// What a load was given in all; `host_commit` of `loader.h`.
public struct CommitSummary: Sendable {
    public var rows: [Table: Int64]
    /// Order-free, over all tables, hexadecimal.
    public var checksum: String

    public init(rows: [Table: Int64], checksum: String) {
        self.rows = rows
        self.checksum = checksum
    }
}
