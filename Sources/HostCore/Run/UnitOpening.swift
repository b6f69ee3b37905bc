// SPDX-License-Identifier: Apache-2.0

internal import HostABI
internal import HostRecords

/// What is settled before a unit's first record: what the loader is told of it, its names in the target, and the
/// losses that these make.
struct UnitOpening {
    let job: JobContext
    let limits: Limits
    private(set) var losses: [LossReport] = []

    init(job: JobContext, limits: Limits) {
        self.job = job
        self.limits = limits
    }

    mutating func info(_ item: UnitSchedule.Item) throws(HostError) -> UnitInfo {
        let record = item.unit.record
        var info = UnitInfo(ref: record.key)
        info.name = record.name
        info.group = record.group
        info.state = record.state
        info.owner = record.owner
        info.parent = record.parent
        info.forkParent = record.forkParent
        info.forkStep = record.forkStep.map { Step($0, millionths: record.forkMillionths ?? 0) }
        info.created = record.created
        info.started = record.started
        info.ended = record.ended
        info.isArchived = record.archived
        info.revision = record.revision
        info.job = job.settings.name
        info.source = job.settings.sourceLabel
        info.key = UnitIdentity.key(plugin: job.settings.from.plugin, record.key)
        guard let parent = record.parent ?? record.forkParent else { return info }
        let key = UnitKey(kind: record.key.kind, project: record.key.project, id: parent)
        info.parentTarget = try job.ledger.targetID(of: key)
        if info.parentTarget == nil {
            let why = item.isInCycle ? "its parents form a circle" : "it is not among the units that arrived"
            note("parent.missing", record, "the parent '\(parent)' can't be linked: \(why); kept as a tag where the target can")
        } else if record.parent == nil, !limits.abilities.contains(.forks) {
            note("fork.flattened", record, "the target has no forks: the run is a child of its fork parent")
        }
        return info
    }

    private mutating func note(_ code: String, _ record: UnitRecord, _ note: String) {
        losses.append(LossReport(.noted, .units, code, path: record.name ?? record.key.id, note: note))
    }

    /// The names of each scope, agreed with the rest of the project through the ledger.
    mutating func names(
        _ catalogue: UnitCatalogue, _ unit: UnitKey
    ) throws(HostError) -> [NameScope: NameMap] {
        var maps: [NameScope: NameMap] = [:]
        for scope in NameScope.allCases {
            let rule = try NameRule(limits.name(scope))
            let names = catalogue.names(scope)
            if names.allSatisfy({ rule.isValid($0) }) { continue }
            let map = try job.ledger.extendNames(project: unit.project, scope: scope, unit: unit) {
                NameMap.build(names: names, rule: rule, stored: $0)
            }
            maps[scope] = map
            losses += NameLosses.reports(map, scope)
        }
        return maps
    }
}

/// Losses for changed names: one class for each kind of change, counted in names.
enum NameLosses {
    static func reports(_ map: NameMap, _ scope: NameScope) -> [LossReport] {
        let table: Table = switch scope {
        case .parameter, .tag: .fields
        case .metric: .points
        case .file: .files
        }
        let classes: [(String, (NameChanges) -> Bool)] = [
            ("name.collision", { $0.contains(.disambiguated) }),
            ("name.shortened", { $0.contains(.shortened) && !$0.contains(.disambiguated) }),
            ("name.replaced", { !$0.contains(.shortened) && !$0.contains(.disambiguated) }),
        ]
        return classes.compactMap { code, belongs in
            let renames = map.renames.filter { belongs($0.changes) }
            guard let first = renames.first else { return nil }
            return LossReport(
                .renamed, table, code, rows: Int64(renames.count), path: first.source,
                note: "\(scope.label) names: '\(first.source)' is '\(first.target)'")
        }
    }
}

/// The idempotency key: what makes a unit the same unit, wherever its source lies.
enum UnitIdentity {
    /// 32 hexadecimal digits of SHA-256. The source's location is left out: an archive that was moved to another
    /// folder still holds the same runs.
    static func key(plugin: String, _ unit: UnitKey) -> String {
        String(Digest.sha256(["host unit 1", plugin, unit.kind, unit.project, unit.id]).prefix(32))
    }
}
