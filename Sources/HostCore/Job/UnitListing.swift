// SPDX-License-Identifier: Apache-2.0

internal import HostABI
package import HostRecords

/// Lists the source's units into the ledger, a page at a time, and answers those that are to be moved.
struct UnitListing {
    private let context: JobContext

    init(_ context: JobContext) { self.context = context }

    func list(_ exporter: any ExporterInstance) throws(HostError) -> [StoredUnit] {
        var work: [StoredUnit] = []
        try UnitPages.forEach(exporter, context.settings.selection) { page throws(HostError) in
            if context.cancel.isSet { throw HostError(.cancelled, "Stopped on request.", retry: .stop) }
            switch page {
            case .units(let records): work += try sort(records)
            case .losses(let losses): noteUnlisted(losses)
            }
            return true
        }
        return work
    }

    /// Writes a page into the ledger and answers the units of it that are to be moved.
    private func sort(_ records: [UnitRecord]) throws(HostError) -> [StoredUnit] {
        var work: [StoredUnit] = []
        let sightings = try context.ledger.sawUnits(records)
        for (record, sighting) in zip(records, sightings) {
            if sighting.state == .complete, sighting.storedRevision == record.revision, try !waitsForParent(record) {
                context.monitor.update { $0.skipped += 1 }
            } else if let unit = try context.ledger.unit(record.key) {
                work.append(unit)
            }
        }
        context.monitor.update { $0.unitsSeen += records.count }
        return work
    }

    /// A complete unit that arrived before its parent did: it is looked at again, to be linked once the parent is
    /// there.
    private func waitsForParent(_ record: UnitRecord) throws(HostError) -> Bool {
        guard record.parent != nil || record.forkParent != nil else { return false }
        return try context.ledger.losses(of: record.key).entries.contains { $0.code == "parent.missing" }
    }

    /// What the source has and could not even list: a file that can't be opened, say. A unit that failed.
    private func noteUnlisted(_ losses: [LossReport]) {
        for loss in losses {
            context.monitor.update { $0.losses.add(LossEntry(loss)) }
            guard loss.kind == .dropped else { continue }
            let key = UnitKey(kind: "run", project: "", id: loss.path)
            let error = HostError(unlisted: loss)
            context.monitor.update {
                $0.unitsSeen += 1
                $0.failed += 1
                $0.failures.append((key, nil, error))
            }
            context.monitor.tell(.failure(key, error))
            context.log.write(.error, "not listed: \(loss.path): \(loss.note)")
        }
    }
}

extension UnitRecord {
    /// The rows of a units/1 batch.
    package static func records(_ batch: RecordBatch) -> [UnitRecord] {
        let kinds = batch.text("kind")
        let projects = batch.text("project")
        let ids = batch.text("id")
        let names = batch.text("name")
        let groups = batch.text("group")
        let states = batch.text("state")
        let owners = batch.text("owner")
        let parents = batch.text("parent")
        let forkParents = batch.text("fork_parent")
        let revisions = batch.text("revision")
        let forkSteps = batch.step("fork_step", "fork_millionths")
        let created = batch.time("created")
        let started = batch.time("started")
        let ended = batch.time("ended")
        let archived = batch.bool("archived")
        let rows = batch.int64("rows")
        return (0..<batch.count).map { row in
            UnitRecord(
                key: UnitKey(kind: kinds[row] ?? "", project: projects[row] ?? "", id: ids[row] ?? ""),
                name: names[row], group: groups[row], state: states[row], owner: owners[row], parent: parents[row],
                forkParent: forkParents[row], forkStep: forkSteps[row]?.whole,
                forkMillionths: forkSteps[row]?.millionths, created: created.milliseconds(row),
                started: started.milliseconds(row), ended: ended.milliseconds(row),
                archived: archived[row] ?? false, revision: revisions[row] ?? "", rows: rows[row])
        }
    }
}
