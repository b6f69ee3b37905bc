// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCore
import HostRecords
import Testing

/// A process that writes to the ledger without pause is killed at random moments, again and again.
@Suite struct LedgerKillTests {
    let job = LedgerTestJob()

    @Test(.timeLimit(.minutes(3))) func killedWriterLeavesAllThatTheLedgerHadPromised() async throws {
        _ = try JobLock.acquire(in: job.folder)
        var highest: UInt64 = 0
        for round in 1...12 {
            let microseconds = UInt32.random(in: 20_000...150_000)
            let result = await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = job.folder as String, microseconds = microseconds as UInt32] in
                Thread.detachNewThread {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
                try LedgerWriter(folder: folder).runForEver()
            }
            try #require(result != nil)
            highest = try checkPromises(round: round, delay: microseconds, above: highest)
        }
        #expect(highest > 0)
    }

    /// The killed process told each promise in a file, after the ledger's call had returned.
    private func checkPromises(round: Int, delay: UInt32, above before: UInt64) throws -> UInt64 {
        let comment = Comment("round \(round), killed after \(delay) µs")
        let ledger = try job.open()
        let promises = LedgerWriter.promises(in: job.folder)
        for id in promises.complete {
            let unit = try #require(try ledger.unit(.run(id)), comment)
            #expect(unit.state == .complete && unit.targetID == "target-\(id)", comment)
            #expect(
                try ledger.counts(of: .run(id)).counts == [.points: TableCounts(read: 20, written: 20)],
                comment)
        }
        let total = try durableBatches(ledger)
        #expect(total >= before, comment)
        guard let id = promises.current else { return total }
        let unit = try #require(try ledger.unit(.run(id)), comment)
        #expect(unit.state == .running || unit.state == .complete, comment)
        let progress = try ledger.progress(.run(id))
        // The call in which the process died may have been carried out: one more is allowed, one less is not.
        #expect((progress?.sequence ?? 0) >= promises.sequence, comment)
        #expect((progress?.sequence ?? 0) <= promises.sequence + 1, comment)
        if let progress {
            #expect(progress.counts[.points]?.read == Int64(progress.sequence), comment)
            #expect(progress.cursor == Array("\(id):\(progress.sequence)".utf8), comment)
        }
        return total
    }

    /// All that the ledger holds: it must never be less than at the last look.
    private func durableBatches(_ ledger: Ledger) throws -> UInt64 {
        let running = try ledger.units(in: [.running])
        let saved = try running.map { try ledger.progress($0.record.key)?.sequence ?? 0 }
        let complete = try ledger.totals().units[.complete] ?? 0
        return UInt64(complete) * 20 + saved.reduce(0, +)
    }
}

/// Moves units of twenty batches, going on where the ledger says.
private struct LedgerWriter {
    let ledger: Ledger
    let promises: Int32

    init(folder: String) throws {
        ledger = try Ledger.open(lock: try JobLock.acquire(in: folder), identity: LedgerTestJob.identity)
        promises = open(folder + "/promises", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }

    func runForEver() throws {
        while true {
            let open = try ledger.units(in: [.running]).first?.record.key
            let key = try open ?? next()
            let saved = try ledger.progress(key)?.sequence ?? 0
            tell("at \(key.id) \(saved)")
            for sequence in (saved + 1)..<21 {
                let counts = TableCounts(read: Int64(sequence), written: Int64(sequence))
                try ledger.saveProgress(
                    key,
                    UnitProgress(
                        sequence: sequence, cursor: Array("\(key.id):\(sequence)".utf8),
                        counts: [.points: counts]))
                tell("at \(key.id) \(sequence)")
            }
            try ledger.complete(
                key,
                UnitCompletion(
                    targetID: "target-\(key.id)", counts: [.points: TableCounts(read: 20, written: 20)]))
            tell("complete \(key.id)")
        }
    }

    private func next() throws -> UnitKey {
        let key = UnitKey.run(String(try ledger.totals().units.values.reduce(0, +)))
        try ledger.sawUnit(UnitRecord(key: key))
        try ledger.begin(key, resuming: false)
        return key
    }

    private func tell(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(promises, bytes, bytes.count)
    }

    static func promises(in folder: String) -> (complete: [String], current: String?, sequence: UInt64) {
        let text = (try? String(contentsOfFile: folder + "/promises", encoding: .utf8)) ?? ""
        var complete: [String] = []
        var current: String?
        var sequence: UInt64 = 0
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words[0] == "complete" {
                complete.append(words[1])
                current = nil
                sequence = 0
            } else {
                current = words[1]
                sequence = UInt64(words[2]) ?? 0
            }
        }
        return (complete, current, sequence)
    }
}
