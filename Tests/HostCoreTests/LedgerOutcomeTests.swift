// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct LedgerOutcomeTests {
    let job = LedgerTestJob()
    let key = UnitKey.run("a")

    func begun() throws -> Ledger {
        let ledger = try job.open()
        try ledger.sawUnit(UnitRecord(key: key, revision: "r1"))
        try ledger.begin(key, resuming: false)
        return ledger
    }

    @Test func progressComesBackWhole() throws {
        let ledger = try begun()
        #expect(try ledger.progress(key) == nil)
        let progress = UnitProgress(
            sequence: 7, cursor: [0, 255, 10, 34],
            counts: [.points: TableCounts(read: 9, written: 8, dropped: 1)],
            checksums: [.points: TableChecksum(first: .max, second: 1 << 63)],
            losses: LossTally([
                LossEntry(.dropped, .points, code: "value.nan", examples: ["a/b", "c\u{0}"], note: "no NaN")
            ]))
        try ledger.saveProgress(key, progress)
        #expect(try ledger.progress(key) == progress)
    }

    @Test func progressNeverGoesBack() throws {
        let ledger = try begun()
        try ledger.saveProgress(key, UnitProgress(sequence: 5))
        #expect(
            hostError { try ledger.saveProgress(key, UnitProgress(sequence: 4)) }?.status == .invalidState)
        #expect(
            hostError { try ledger.saveProgress(key, UnitProgress(sequence: .max)) }?.status == .invalidState)
        try ledger.saveProgress(key, UnitProgress(sequence: 5, cursor: [1]))
        #expect(try ledger.progress(key) == UnitProgress(sequence: 5, cursor: [1]))
    }

    @Test func onlyARunningUnitMakesProgress() throws {
        let ledger = try begun()
        try ledger.skip(key, reason: "not wanted")
        #expect(
            hostError { try ledger.saveProgress(key, UnitProgress(sequence: 1)) }?.status == .invalidState)
    }

    @Test func beginningAnewForgetsAndResumingKeeps() throws {
        let ledger = try begun()
        try ledger.saveProgress(key, UnitProgress(sequence: 3))
        try ledger.begin(key, resuming: true, targetID: "t1")
        #expect(try ledger.progress(key)?.sequence == 3)
        try ledger.begin(key, resuming: true)
        #expect(try ledger.targetID(of: key) == "t1")
        try ledger.begin(key, resuming: false)
        #expect(try ledger.progress(key) == nil)
        #expect(try ledger.targetID(of: key) == nil)
        #expect(try ledger.unit(key)?.attempts == 4)
    }

    @Test func completeKeepsCountsChecksumsAndLosses() throws {
        let ledger = try begun()
        let counts: CountsByTable = [
            .fields: TableCounts(read: 3, written: 3), .points: TableCounts(read: 10, written: 7, dropped: 3),
        ]
        let checksums: ChecksumsByTable = [
            .fields: TableChecksum(first: 1, second: .max), .points: TableChecksum(),
        ]
        let losses = LossTally([
            LossEntry(.dropped, .points, code: "value.nan", rows: 2, examples: ["x"]),
            LossEntry(.merged, .points, code: "point.twice", rows: 1, examples: ["y"]),
        ])
        try ledger.complete(
            key,
            UnitCompletion(
                targetID: "t", targetURL: "http://t", counts: counts, checksums: checksums, losses: losses,
                revision: "r1", seconds: 1.5))
        let unit = try #require(try ledger.unit(key))
        #expect(
            unit.state == .complete && unit.targetID == "t" && unit.targetURL == "http://t"
                && unit.seconds == 1.5)
        #expect(unit.storedRevision == "r1")
        let stored = try ledger.counts(of: key)
        #expect(stored.counts == counts && stored.checksums == checksums)
        #expect(try ledger.losses(of: key) == losses)
    }

    @Test(arguments: [
        TableCounts(read: 10, written: 9), TableCounts(read: 9, written: 10),
        TableCounts(read: 1, written: 0, dropped: 2),
        TableCounts(read: 0, written: 1, dropped: -1), TableCounts(read: .min, written: .max, dropped: 1),
    ])
    func unbalancedUnitIsNeverComplete(counts: TableCounts) throws {
        let ledger = try begun()
        let losses = LossTally([LossEntry(.dropped, .points, code: "x", rows: 5)])
        let completion = UnitCompletion(targetID: "t", counts: [.points: counts], losses: losses)
        #expect(hostError { try ledger.complete(key, completion) }?.status == .invalidState)
        #expect(try ledger.unit(key)?.state == .running)
    }

    @Test func droppedRowsWithoutALossAreNotComplete() throws {
        let ledger = try begun()
        let counts: CountsByTable = [.points: TableCounts(read: 5, written: 3, dropped: 2)]
        for losses in [
            [], [LossEntry(.dropped, .points, code: "x")], [LossEntry(.renamed, .points, code: "x", rows: 2)],
            [LossEntry(.dropped, .fields, code: "x", rows: 2)],
        ] {
            let completion = UnitCompletion(targetID: "t", counts: counts, losses: LossTally(losses))
            #expect(hostError { try ledger.complete(key, completion) }?.status == .invalidState)
        }
        #expect(try ledger.unit(key)?.state == .running)
    }

    @Test func onlyABegunUnitBecomesComplete() throws {
        let ledger = try job.open()
        try ledger.sawUnit(UnitRecord(key: key))
        let completion = UnitCompletion(targetID: "t", counts: [:])
        #expect(hostError { try ledger.complete(key, completion) }?.status == .invalidState)
        #expect(try ledger.unit(key)?.state == .seen)
    }

    @Test func completeUnitCannotFailOrBeSkipped() throws {
        let ledger = try begun()
        try ledger.complete(key, UnitCompletion(targetID: "t", counts: [:]))
        #expect(hostError { try ledger.fail(key, HostError(.io, "late")) }?.status == .invalidState)
        #expect(hostError { try ledger.skip(key, reason: "late") }?.status == .invalidState)
        #expect(try ledger.unit(key)?.state == .complete)
    }

    @Test func failureComesBackWholeAndGoesWithTheNextAttempt() throws {
        let ledger = try begun()
        try ledger.saveProgress(key, UnitProgress(sequence: 2))
        let error = HostError(
            .unavailable, "no answer.", subject: "/api/runs", remedy: "Wait.", detail: "x", retry: .later,
            httpStatus: 503)
        try ledger.fail(key, error, losses: LossTally([LossEntry(.renamed, .fields, code: "name.replaced")]))
        let stored = try #require(try ledger.unit(key)?.failure)
        #expect(stored.description == error.description)
        #expect(stored.retry == .later && stored.httpStatus == 503 && stored.detail == "x")
        #expect(try ledger.progress(key)?.sequence == 2)
        try ledger.begin(key, resuming: true)
        #expect(try ledger.unit(key)?.failure == nil)
    }

    @Test func totalsAddUpWhatEnded() throws {
        let ledger = try job.open()
        try ledger.sawUnits((0..<6).map { UnitRecord(key: .run("\($0)")) })
        let loss = { (path: Int) in
            LossTally([LossEntry(.renamed, .fields, code: "n", rows: 2, examples: ["p\(path)"])])
        }
        for id in 0..<3 {
            try ledger.begin(.run("\(id)"), resuming: false)
            try ledger.complete(
                .run("\(id)"),
                UnitCompletion(
                    targetID: "\(id)", counts: [.fields: TableCounts(read: 4, written: 4)], losses: loss(id)))
        }
        // Begun again: what it came to last time is no longer sure.
        try ledger.begin(.run("2"), resuming: true)
        try ledger.fail(.run("3"), HostError(.io, "no"), losses: loss(3))
        try ledger.skip(.run("4"), reason: "why")
        let totals = try ledger.totals()
        #expect(totals.units == [.seen: 1, .running: 1, .complete: 2, .failed: 1, .skipped: 1])
        #expect(totals.records == [.fields: TableCounts(read: 8, written: 8)])
        #expect(
            totals.losses.entries == [
                LossEntry(.renamed, .fields, code: "n", rows: 6, examples: ["p0", "p1", "p3"])
            ])
    }

    @Test func tallyKeepsClassesApartAndFiveExamples() {
        var tally = LossTally()
        for number in 0..<9 {
            tally.add(LossEntry(.renamed, .fields, code: "n", examples: ["p\(number / 2)", "q\(number)"]))
        }
        tally.add(LossEntry(.renamed, .points, code: "n", rows: 3))
        tally.add(LossEntry(.truncated, .fields, code: "n"))
        #expect(tally.entries.map(\.rows) == [9, 3, 1])
        #expect(tally.entries[0].examples == ["p0", "q0", "q1", "p1", "q2"])
    }
}
