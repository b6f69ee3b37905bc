// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
package import HostRecords

/// Reads all of a source and counts it.
///
/// One thread lists; workers with an exporter each read what was listed, unit after unit. A unit counts when
/// it was read to its end, so one that breaks off adds nothing.
package final class SourceSurvey: @unchecked Sendable {
    private let session: EndpointSession
    private let selection: Selection
    private let condition = NSCondition()
    /// Units listed and not yet taken, with their place in the listing.
    private var waiting: [(number: Int, record: UnitRecord)] = []
    private var waitingHead = 0
    private var isListed = false
    private var stopReason: HostError?

    package init(_ session: EndpointSession, selection: Selection) {
        self.session = session
        self.selection = selection
    }

    /// - Throws: what keeps the source from being read at all. Single units that fail are in the result.
    package func run(workers count: Int) throws(HostError) -> SurveyResult {
        let first = try session.openExporter()
        try first.check()
        let group = DispatchGroup()
        let works = (0..<max(1, count)).map { _ in SurveyWork() }
        for work in works {
            group.enter()
            let thread = Thread { [self] in
                read(into: work)
                group.leave()
            }
            thread.stackSize = 4 << 20
            thread.name = "survey"
            thread.start()
        }
        var listed: [UnitRecord] = []
        var unlisted: [LossReport] = []
        do throws(HostError) {
            try UnitPages.forEach(first, selection) { page throws(HostError) in
                switch page {
                case .units(let records): offer(records, &listed)
                case .losses(let losses): unlisted += losses
                }
                return stopped == nil
            }
        } catch {
            stop(error)
        }
        endListing()
        group.wait()
        if let stopped { throw stopped }
        return result(listed, unlisted, works)
    }

    private func result(_ listed: [UnitRecord], _ unlisted: [LossReport], _ works: [SurveyWork])
        -> SurveyResult
    {
        var result = SurveyResult()
        var counted: [Int: Int64] = [:]
        for work in works { counted.merge(work.records) { $0 + $1 } }
        for (number, record) in listed.enumerated() {
            guard let records = counted[number] else { continue }
            let (project, kind) = result.place(record.key)
            result.projects[project].kinds[kind].units.append(
                SurveyResult.Unit(key: record.key, name: record.name, records: records))
        }
        for work in works {
            for (group, tally) in work.tallies {
                let key = UnitKey(kind: group.kind, project: group.project.text, id: "")
                let (project, kind) = result.place(key)
                result.projects[project].kinds[kind].tally.add(tally)
            }
        }
        for loss in unlisted where loss.kind == .dropped {
            result.unreadable.append(SurveyResult.Unreadable(unit: nil, error: HostError(unlisted: loss)))
        }
        let failures = works.flatMap(\.failures).sorted { $0.number < $1.number }
        result.unreadable += failures.map {
            SurveyResult.Unreadable(unit: listed[$0.number].key, error: $0.error)
        }
        return result
    }

    private func offer(_ records: [UnitRecord], _ listed: inout [UnitRecord]) {
        condition.lock()
        for record in records {
            waiting.append((listed.count, record))
            listed.append(record)
        }
        condition.broadcast()
        condition.unlock()
    }

    private func endListing() {
        condition.lock()
        isListed = true
        condition.broadcast()
        condition.unlock()
    }

    private func take() -> (number: Int, record: UnitRecord)? {
        condition.lock()
        defer { condition.unlock() }
        while waitingHead == waiting.count, !isListed, stopReason == nil { condition.wait() }
        guard stopReason == nil, waitingHead < waiting.count else { return nil }
        waitingHead += 1
        return waiting[waitingHead - 1]
    }

    private func stop(_ reason: HostError) {
        condition.lock()
        stopReason = stopReason ?? reason
        condition.broadcast()
        condition.unlock()
    }

    private var stopped: HostError? {
        condition.lock()
        defer { condition.unlock() }
        return stopReason
    }

    private func read(into work: SurveyWork) {
        do throws(HostError) {
            let exporter = try session.openExporter()
            while let (number, record) = take() {
                do throws(HostError) {
                    work.add(number, record.key, try tally(record.key, exporter))
                } catch {
                    if error.retryClass == .stop { throw error }
                    work.failures.append((number, error))
                }
            }
        } catch {
            stop(error)
        }
    }

    private func tally(_ unit: UnitKey, _ exporter: any ExporterInstance) throws(HostError) -> SurveyTally {
        var tally = SurveyTally()
        let told = ToldLosses()
        exporter.context.onLoss = { told.losses.append($0) }
        defer { exporter.context.onLoss = nil }
        let reader = try exporter.read(unit, from: [])
        while let (batch, _) = try reader.next() {
            if batch.table == .losses { tally.add(UnitReader.reports(batch)) } else { tally.add(batch) }
        }
        tally.add(told.take())
        return tally
    }
}

/// What one worker has counted; read by others once its thread has ended.
private final class SurveyWork: @unchecked Sendable {
    struct Group: Hashable {
        var project: ExactText
        var kind: String
    }

    var tallies: [Group: SurveyTally] = [:]
    /// By the unit's place in the listing.
    var records: [Int: Int64] = [:]
    var failures: [(number: Int, error: HostError)] = []

    func add(_ number: Int, _ key: UnitKey, _ tally: SurveyTally) {
        records[number] = tally.records
        tallies[Group(project: ExactText(key.project), kind: key.kind), default: SurveyTally()].add(tally)
    }
}
