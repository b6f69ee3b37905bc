// SPDX-License-Identifier: Apache-2.0

public import CHost

/// Names one unit at its source.
public struct UnitRef: Hashable, Sendable {
    public var kind: String
    public var project: String
    public var id: String

    public init(kind: String, project: String, id: String) {
        self.kind = kind
        self.project = project
        self.id = id
    }

    public init(_ ref: host_unit_ref) {
        self.init(kind: ref.kind.string, project: ref.project.string, id: ref.id.string)
    }
}

extension UnitRef {
    // Two ids are one only when their bytes are the same; see `ExactText`.

    public static func == (left: UnitRef, right: UnitRef) -> Bool {
        left.id.utf8.elementsEqual(right.id.utf8) && left.project.utf8.elementsEqual(right.project.utf8)
            && left.kind.utf8.elementsEqual(right.kind.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ExactText(id))
        hasher.combine(ExactText(project))
    }

    /// Runs `body` with a C view that is valid until it returns.
    public func withBorder<Result>(_ body: (UnsafePointer<host_unit_ref>) -> Result) -> Result {
        let arena = TextArena()
        var ref = host_unit_ref(
            struct_size: UInt32(MemoryLayout<host_unit_ref>.size), reserved: 0, kind: arena.text(kind),
            project: arena.text(project), id: arena.text(id))
        return withExtendedLifetime(arena) { body(&ref) }
    }
}

/// What a loader is told of a unit before its records; `host_unit` of `loader.h`.
public struct UnitInfo: Sendable {
    public var ref: UnitRef
    public var name: String?
    public var group: String?
    public var state: String?
    public var owner: String?
    public var parent: String?
    public var forkParent: String?
    public var forkStep: Step?
    /// Id in the target of the parent or fork parent, when it is there.
    public var parentTarget: String?
    /// Milliseconds since 1970 UTC.
    public var created: Int64?
    public var started: Int64?
    public var ended: Int64?
    public var isArchived: Bool
    public var revision: String
    /// Idempotency key: 32 hexadecimal digits, stored in the target.
    public var key: String
    public var job: String
    /// Where it comes from, without secrets.
    public var source: String

    public init(ref: UnitRef) {
        self.ref = ref
        isArchived = false
        revision = ""
        key = ""
        job = ""
        source = ""
    }

    /// The name to show: its own, else its id.
    public var label: String { name ?? ref.id }
}

extension UnitInfo {
    public init(_ unit: host_unit) {
        self.init(ref: UnitRef(kind: unit.kind.string, project: unit.project.string, id: unit.id.string))
        name = unit.name.optionalString
        group = unit.group.optionalString
        state = unit.state.optionalString
        owner = unit.owner.optionalString
        parent = unit.parent.optionalString
        forkParent = unit.fork_parent.optionalString
        forkStep = unit.has_fork_step != 0 ? Step(unit.fork_step, millionths: unit.fork_millionths) : nil
        parentTarget = unit.parent_target.optionalString
        created = Self.time(unit.created_ms)
        started = Self.time(unit.started_ms)
        ended = Self.time(unit.ended_ms)
        isArchived = unit.archived != 0
        revision = unit.revision.string
        key = unit.key.string
        job = unit.job.string
        source = unit.source.string
    }

    private static func time(_ milliseconds: Int64) -> Int64? {
        milliseconds == .min ? nil : milliseconds
    }

    /// Runs `body` with a C view that is valid until it returns.
    public func withBorder<Result>(_ body: (UnsafePointer<host_unit>) -> Result) -> Result {
        let arena = TextArena()
        var unit = host_unit()
        unit.struct_size = UInt32(MemoryLayout<host_unit>.size)
        unit.archived = isArchived ? 1 : 0
        unit.kind = arena.text(ref.kind)
        unit.project = arena.text(ref.project)
        unit.id = arena.text(ref.id)
        unit.name = arena.text(name)
        unit.group = arena.text(group)
        unit.state = arena.text(state)
        unit.owner = arena.text(owner)
        unit.parent = arena.text(parent)
        unit.fork_parent = arena.text(forkParent)
        unit.parent_target = arena.text(parentTarget)
        unit.created_ms = created ?? .min
        unit.started_ms = started ?? .min
        unit.ended_ms = ended ?? .min
        unit.has_fork_step = forkStep == nil ? 0 : 1
        unit.fork_step = forkStep?.whole ?? 0
        unit.fork_millionths = forkStep?.millionths ?? 0
        unit.revision = arena.text(revision)
        unit.key = arena.text(key)
        unit.job = arena.text(job)
        unit.source = arena.text(source)
        return withExtendedLifetime(arena) { body(&unit) }
    }
}
