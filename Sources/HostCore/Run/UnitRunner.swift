// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostRecords

/// How a unit ended.
enum UnitOutcome {
    case complete(UnitCompletion, rejected: Int64)
    /// The target had it, whole; nothing was written.
    case adopted(Found)
    /// It was complete before, and what it still waits for has not come.
    case unchanged
    case skipped(String)
    /// The target has no place for its kind: a loss of the whole unit.
    case noPlace
    case failed(HostError, LossTally)
}

/// Moves one unit from its exporter to its loader: one attempt.
///
/// Thread rule: belongs to one worker, which is the thread that writes; reading has a thread of its own.
struct UnitRunner {
    let job: JobContext
    let exporter: any ExporterInstance
    let loader: any LoaderInstance
    let limits: Limits
    let worker: Int

    /// Ledger writes of progress are this far apart at least: each is synced to the disk.
    private static let progressInterval: TimeInterval = 0.5

    func run(_ item: UnitSchedule.Item) -> UnitOutcome {
        var losses = LossTally()
        do throws(HostError) {
            return try attempt(item, &losses)
        } catch {
            return .failed(error, losses)
        }
    }

    private func attempt(_ item: UnitSchedule.Item, _ losses: inout LossTally) throws(HostError) -> UnitOutcome {
        let record = item.unit.record
        let started = Date()
        guard limits.kinds.contains(record.key.kind) else {
            return .noPlace
        }
        phase("looking")
        var opening = UnitOpening(job: job, limits: limits)
        let info = try opening.info(item)
        // A complete unit is here only since its parent was missing when it arrived.
        let waitsForParent = item.unit.state == .complete && item.unit.storedRevision == record.revision
        if waitsForParent, info.parentTarget == nil { return .unchanged }
        let found = try loader.find(info)
        let mode: BeginMode
        if waitsForParent {
            guard found.state == .complete else { return .unchanged }
            mode = .continue
        } else {
            let isOurs = item.unit.attempts > 0 && item.unit.state != .skipped
            switch job.settings.onExisting.decide(found, revision: record.revision, isOurs: isOurs) {
            case .adopt: return .adopted(found)
            case .skip(let reason): return .skipped(reason)
            case .fail(let error): throw error
            case .begin(let chosen): mode = chosen
            }
        }
        // Read only now: a unit that is left alone costs the source nothing.
        let catalogue = try UnitCatalogue(exporter, record.key)
        // The ledger's progress holds only for what it was written to, and for the revision that was read.
        let isSameWork = !waitsForParent && mode == .continue && item.unit.storedRevision == record.revision
            && (item.unit.targetID ?? found.target) == found.target
        let progress = isSameWork ? try job.ledger.progress(record.key) : nil
        try job.ledger.begin(record.key, resuming: progress != nil, targetID: found.target.isEmpty ? nil : found.target)
        let names = try opening.names(catalogue, record.key)
        var account = UnitAccount(resuming: progress)
        if progress == nil { account.add(opening.losses, isRejection: false) }

        let mapping = UnitMapping(limits: limits, names: names, scale: job.settings.stepScale, unit: record)
        let told = ToldLosses()
        loader.context.onLoss = { told.losses.append($0) }
        let exporter = exporter
        loader.context.openBlob = { ref throws(HostError) in try exporter.blob(ref) }
        defer {
            loader.context.onLoss = nil
            loader.context.openBlob = nil
            losses = account.allLosses
        }
        phase("beginning")
        let writer = try loader.begin(info, found: found, mode: mode, resumeAfter: account.durable.sequence)
        account.add(told.take(), isRejection: true)
        try copy(record.key, mapping, writer, told, catalogue, &account)

        phase("committing")
        try catalogue.check(account.durable, record.key)
        let rows = account.durable.counts.mapValues(\.written)
        let target = try writer.commit(CommitSummary(rows: rows, checksum: account.checksum))
        account.add(told.take(), isRejection: true)
        let completion = UnitCompletion(
            targetID: target.id, targetURL: target.url.isEmpty ? nil : target.url, counts: account.durable.counts,
            checksums: account.durable.checksums, losses: account.durable.losses, revision: record.revision,
            seconds: Date().timeIntervalSince(started))
        try job.ledger.complete(record.key, completion)
        return .complete(completion, rejected: account.rejected)
    }

    private func copy(
        _ key: UnitKey, _ mapping: UnitMapping, _ writer: any UnitWriter, _ told: ToldLosses,
        _ catalogue: UnitCatalogue, _ account: inout UnitAccount
    ) throws(HostError) {
        let reader = UnitReader()
        reader.start(exporter, key, from: account.durable.cursor)
        defer { reader.stop() }
        var lastSave = Date.distantPast
        var sourceLosses: [LossReport] = []
        phase("copying")
        job.monitor.worker(worker) {
            $0.done = 0
            $0.total = catalogue.rows
        }
        while let item = try reader.queue.take() {
            if job.cancel.isSet {
                if !account.durable.cursor.isEmpty { try job.ledger.saveProgress(key, account.durable) }
                throw HostError(.cancelled, "Stopped on request.", retry: .stop)
            }
            sourceLosses += item.losses
            guard let batch = item.batch else { continue }
            guard Table.records.contains(batch.table) else {
                throw HostError(
                    .invalidData, "The plugin handed over rows of \(batch.table.label) among a unit's records.",
                    subject: exporter.library.name)
            }
            let mapped = try mapping.map(batch)
            var entry = UnitAccount.Entry(cursor: item.cursor)
            let count = Int64(batch.count)
            entry.counts[batch.table] = TableCounts(
                read: count, written: count - mapped.dropped, dropped: mapped.dropped)
            entry.checksums[batch.table] = RowHash.checksum(batch)
            entry.losses = mapped.losses
            account.charge(sourceLosses, to: &entry)
            sourceLosses = []
            let sequence = account.next(entry, isWritten: mapped.batch != nil)
            if let rows = mapped.batch {
                let durable = try writer.write(rows, sequence: sequence)
                account.add(told.take(), isRejection: true)
                if account.settle(upTo: durable), !account.durable.cursor.isEmpty,
                    Date().timeIntervalSince(lastSave) > Self.progressInterval
                {
                    try job.ledger.saveProgress(key, account.durable)
                    lastSave = Date()
                }
            }
            note(batch, count)
        }
        if !sourceLosses.isEmpty {
            var entry = UnitAccount.Entry()
            account.charge(sourceLosses, to: &entry)
            _ = account.next(entry, isWritten: false)
        }
        phase("flushing")
        let durable = try writer.flush(upTo: account.sequence)
        account.add(told.take(), isRejection: true)
        guard durable >= account.lastWritten else {
            throw HostError(
                .invalidState, "After flush, batch \(durable) of \(account.sequence) is durable: the plugin holds back.",
                subject: loader.library.name)
        }
        _ = account.settle(upTo: account.sequence)
    }

    private func note(_ batch: RecordBatch, _ count: Int64) {
        var bytes: Int64 = 0
        if batch.table == .files {
            let sizes = batch.int64("size")
            for row in 0..<batch.count { bytes = bytes.clampedSum(max(sizes[row] ?? 0, 0)) }
        }
        job.monitor.read(count, of: batch.table, by: worker)
        job.monitor.update { $0.fileBytes = $0.fileBytes.clampedSum(bytes) }
        job.monitor.worker(worker) { $0.done += count }
    }

    private func phase(_ name: String) {
        job.monitor.worker(worker) { $0.phase = name }
    }
}

/// Collects what a plugin tells during the worker's calls.
final class ToldLosses {
    var losses: [LossReport] = []

    func take() -> [LossReport] {
        defer { losses.removeAll() }
        return losses
    }
}
