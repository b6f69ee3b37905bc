// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostRecords

/// The threads that move units (`--transfers`), each with an exporter and a loader of its own.
final class WorkerPool: @unchecked Sendable {
    private let context: JobContext
    private let schedule: UnitSchedule
    private let limits: Limits
    private let lock = NSLock()
    private var stopReason: HostError?
    private var open: [(any ExporterInstance, any LoaderInstance)] = []
    private let group = DispatchGroup()

    init(_ context: JobContext, _ schedule: UnitSchedule, _ limits: Limits) {
        self.context = context
        self.schedule = schedule
        self.limits = limits
    }

    /// Returns when no unit is left or the job has to stop; throws why it had to.
    func run(first: (any ExporterInstance, any LoaderInstance), count: Int) throws(HostError) {
        for number in 0..<count {
            group.enter()
            let ends = number == 0 ? first : nil
            let thread = Thread { [self] in
                work(number, ends)
                group.leave()
            }
            thread.stackSize = 4 << 20
            thread.name = "transfer \(number + 1)"
            thread.start()
        }
        while group.wait(timeout: .now() + 0.2) == .timedOut {
            if context.cancel.isSet { stop(HostError(.cancelled, "Stopped on request.", retry: .stop)) }
        }
        if let stopReason { throw stopReason }
    }

    /// Lets no further unit begin, and breaks off what runs.
    private func stop(_ reason: HostError) {
        let isFirst = lock.withLock {
            defer { if stopReason == nil { stopReason = reason } }
            return stopReason == nil
        }
        guard isFirst else { return }
        schedule.stop()
        for (exporter, loader) in lock.withLock({ open }) {
            exporter.cancel()
            loader.cancel()
        }
    }

    private func work(_ number: Int, _ ends: (any ExporterInstance, any LoaderInstance)?) {
        let exporter: any ExporterInstance
        let loader: any LoaderInstance
        do throws(HostError) {
            if let ends {
                (exporter, loader) = ends
            } else {
                exporter = try context.endpoints.openExporter(context.cancel, context.log)
                loader = try context.endpoints.openLoader(context.cancel, context.log)
            }
        } catch {
            stop(error)
            return
        }
        lock.withLock { open.append((exporter, loader)) }
        let runner = UnitRunner(job: context, exporter: exporter, loader: loader, limits: limits, worker: number)
        while let (item, ticket) = schedule.next() {
            let key = item.unit.record.key
            context.monitor.worker(number) {
                $0 = RunMonitor.Worker()
                $0.unit = item.unit.record.name ?? key.id
            }
            do throws(HostError) {
                try settle(key, item, runner)
            } catch {
                stop(error)
            }
            context.monitor.worker(number) { $0 = RunMonitor.Worker() }
            schedule.ended(ticket)
        }
    }

    /// Runs a unit until it has ended, and writes down how. Throws only what stops the job.
    private func settle(_ key: UnitKey, _ item: UnitSchedule.Item, _ runner: UnitRunner) throws(HostError) {
        var item = item
        for attempt in 1... {
            let outcome = runner.run(item)
            guard case .failed(var error, let losses) = outcome else {
                if case .complete = outcome { context.monitor.withdrawReads(of: runner.worker) }
                try record(key, item.unit.record, outcome)
                return
            }
            context.log.write(.error, "\(key.project)/\(key.id): \(error)")
            if error.retryClass == .stop || context.cancel.isSet { throw error }
            // A plugin that broke down over a unit twice is not given a third time.
            let attempts = error.status == .internal ? min(2, context.settings.attempts) : context.settings.attempts
            if error.retryClass == .later, attempt < attempts, pause(attempt, error) {
                context.monitor.withdrawReads(of: runner.worker)
                if let unit = try context.ledger.unit(key) { item.unit = unit }
                continue
            }
            if error.status == .internal { error.retry = .never }
            try context.ledger.fail(key, error, losses: losses)
            context.monitor.update {
                $0.failed += 1
                $0.losses.add(losses)
                $0.failures.append((key, item.unit.record.name, error))
            }
            context.monitor.tell(.failure(key, error))
            return
        }
    }

    private func record(_ key: UnitKey, _ record: UnitRecord, _ outcome: UnitOutcome) throws(HostError) {
        let monitor = context.monitor
        switch outcome {
        case .complete(let completion, let rejected):
            monitor.update { state in
                state.complete += 1
                state.rejected += rejected
                state.losses.add(completion.losses)
                for (table, counts) in completion.counts {
                    state.counts[table, default: TableCounts()].read += counts.read
                    state.counts[table, default: TableCounts()].written += counts.written
                    state.counts[table, default: TableCounts()].dropped += counts.dropped
                }
            }
            monitor.tell(.unit(key, name: record.name, outcome: "complete", targetURL: completion.targetURL ?? ""))
        case .adopted(let found):
            try context.ledger.begin(key, resuming: false, targetID: found.target)
            try context.ledger.complete(
                key,
                UnitCompletion(
                    targetID: found.target, targetURL: found.url, counts: [:], revision: record.revision))
            monitor.update { $0.skipped += 1 }
            monitor.tell(.unit(key, name: record.name, outcome: "there already", targetURL: found.url))
        case .unchanged: monitor.update { $0.skipped += 1 }
        case .skipped(let reason):
            // A unit that arrived and has changed since stays complete, as it was.
            if try context.ledger.unit(key)?.state != .complete { try context.ledger.skip(key, reason: reason) }
            monitor.update { $0.skipped += 1 }
            context.log.write(.info, "\(key.project)/\(key.id) skipped: \(reason)")
            monitor.tell(.unit(key, name: record.name, outcome: "skipped: \(reason)", targetURL: ""))
        case .noPlace:
            let reason = "the target has no place for units of the kind '\(key.kind)'"
            try context.ledger.skip(key, reason: reason)
            monitor.update {
                $0.skipped += 1
                $0.losses.add(
                    LossEntry(
                        .dropped, .units, code: "kind.unsupported", examples: [record.name ?? key.id], note: reason))
            }
            monitor.tell(.unit(key, name: record.name, outcome: "skipped: \(reason)", targetURL: ""))
        case .failed: break
        }
    }

    /// Waits before another attempt; false when the user asked to stop meanwhile.
    private func pause(_ attempt: Int, _ error: HostError) -> Bool {
        // Nothing to wait for: the plugin's next worker is there at once.
        if error.status == .internal { return true }
        let seconds = max(Double(error.retryAfterMilliseconds) / 1000, Double(attempt * attempt) * 2)
        context.monitor.waiting("another try: \(error.message)", seconds: seconds)
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            if context.cancel.isSet { return false }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return true
    }
}
