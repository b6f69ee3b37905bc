// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostPlugins
package import HostHTTP
package import HostRecords

/// What a run would do: lists the source, reads what is to be moved through the same mapping as a run, and counts.
/// The target is not asked and nothing is written, so its limits are those that its plugin declares.
package struct JobPlan {
    private let settings: JobSettings
    private let session: EndpointSession
    private let target: ResolvedEndpoint
    private let limits: Limits
    private let ledger: Ledger?
    private let cancel: CancelFlag

    package init(
        _ settings: JobSettings, plugins: PluginSearch, http: HTTPSettings, cancel: CancelFlag
    ) throws(HostError) {
        var settings = settings
        session = try EndpointSession(
            settings.from, flags: settings.fromOptions, plugins: plugins, http: http, cancel: cancel)
        let library = try plugins.find(settings.to.plugin)
        target = try ResolvedEndpoint(
            settings.to, of: library, as: .loader, flags: settings.toOptions, redactor: http.redactor)
        guard library.roles.contains(.loader), let limits = library.limits else {
            throw HostError(
                .unsupported, "The plugin '\(library.name)' can't write (--to); it only reads.",
                subject: library.name, retry: .stop)
        }
        settings.from.location = session.location
        settings.to.location = target.shownLocation
        if settings.name.isEmpty { settings.name = JobRun.defaultName(settings) }
        settings.folder += "/" + settings.name
        let hasLedger = FileManager.default.fileExists(atPath: settings.folder + "/" + Ledger.fileName)
        ledger = hasLedger && !settings.isFresh ? try Ledger.view(in: settings.folder) : nil
        self.settings = settings
        self.limits = limits
        self.cancel = cancel
    }

    package func run() throws(HostError) -> PlanResult {
        let started = Date()
        var result = PlanResult(settings, origins: session.origins + target.options.origins)
        let exporter = try session.openExporter()
        try exporter.check()
        let units = try list(exporter, &result)
        let ids = Set(units.map(\.key))
        var names: [NameKey: [ExactText: String]] = [:]
        for unit in units {
            if cancel.isSet { throw HostError(.cancelled, "Stopped on request.", retry: .stop) }
            guard limits.kinds.contains(unit.key.kind) else {
                result.add(
                    LossReport(
                        .dropped, .units, "kind.unsupported", path: unit.name ?? unit.key.id,
                        note: "the target has no place for units of the kind '\(unit.key.kind)'"))
                continue
            }
            do throws(HostError) {
                try measure(unit, exporter, ids, &names, &result)
            } catch {
                if error.retryClass == .stop { throw error }
                result.unreadable.append((unit.key.id, error))
            }
        }
        result.seconds = Date().timeIntervalSince(started)
        return result
    }

    /// Units that a run would take up; the others are counted.
    private func list(_ exporter: any ExporterInstance, _ result: inout PlanResult) throws(HostError) -> [UnitRecord] {
        var work: [UnitRecord] = []
        var seen = 0
        var unchanged = 0
        var unlisted: [(String, HostError)] = []
        try UnitPages.forEach(exporter, settings.selection) { page throws(HostError) in
            switch page {
            case .units(let units):
                seen += units.count
                for unit in units {
                    let known = try ledger?.unit(unit.key)
                    if known?.state == .complete, known?.storedRevision == unit.revision {
                        unchanged += 1
                    } else {
                        work.append(unit)
                    }
                }
            case .losses(let losses):
                for loss in losses where loss.kind == .dropped {
                    unlisted.append((loss.path, HostError(.invalidData, loss.note, subject: loss.path)))
                }
            }
            return !cancel.isSet
        }
        result.seen = seen
        result.unchanged = unchanged
        result.unreadable += unlisted
        return work
    }

    private struct NameKey: Hashable {
        var project: ExactText
        var scope: NameScope
    }

    private func measure(
        _ unit: UnitRecord, _ exporter: any ExporterInstance, _ ids: Set<UnitKey>,
        _ stored: inout [NameKey: [ExactText: String]], _ result: inout PlanResult
    ) throws(HostError) {
        let catalogue = try UnitCatalogue(exporter, unit.key)
        var maps: [NameScope: NameMap] = [:]
        for scope in NameScope.allCases {
            let rule = try NameRule(limits.name(scope))
            let key = NameKey(project: ExactText(unit.key.project), scope: scope)
            if stored[key] == nil { stored[key] = try ledger?.names(project: unit.key.project, scope: scope) ?? [:] }
            let map = NameMap.build(names: catalogue.names(scope), rule: rule, stored: stored[key] ?? [:])
            guard !map.isEmpty else { continue }
            maps[scope] = map
            for rename in map.renames { stored[key]?[ExactText(rename.source)] = rename.target }
            for loss in NameLosses.reports(map, scope) { result.add(loss) }
            result.collisions += map.collisions.map { (unit.name ?? unit.key.id, $0.source, $0.target) }
        }
        addParent(of: unit, ids, &result)
        let mapping = UnitMapping(limits: limits, names: maps, scale: settings.stepScale, unit: unit)
        let reader = UnitReader()
        reader.start(exporter, unit.key, from: [])
        defer { reader.stop() }
        while let item = try reader.queue.take() {
            if cancel.isSet { throw HostError(.cancelled, "Stopped on request.", retry: .stop) }
            for loss in item.losses { result.addFromSource(loss) }
            guard let batch = item.batch else { continue }
            let mapped = try mapping.map(batch)
            result.count(batch, dropped: mapped.dropped)
            for loss in mapped.losses { result.add(loss) }
        }
        result.toMove += 1
    }

    private func addParent(of unit: UnitRecord, _ ids: Set<UnitKey>, _ result: inout PlanResult) {
        guard let parent = unit.parent ?? unit.forkParent else { return }
        let key = UnitKey(kind: unit.key.kind, project: unit.key.project, id: parent)
        if !ids.contains(key), (try? ledger?.targetID(of: key)) == nil {
            result.add(
                LossReport(
                    .noted, .units, "parent.missing", path: unit.name ?? unit.key.id,
                    note: "the parent '\(parent)' is not among the units"))
        } else if unit.parent == nil, !limits.abilities.contains(.forks) {
            result.add(
                LossReport(
                    .noted, .units, "fork.flattened", path: unit.name ?? unit.key.id,
                    note: "the target has no forks: the run becomes a child of its fork parent"))
        }
    }
}
