// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCore
import HostRecords
import Testing

@Suite struct SurveyJobReportTests {
    @Test func tellsWhoHoldsTheJobAndWhenNobodyDoes() throws {
        let job = LedgerTestJob()
        var ledger: Ledger? = try job.open()
        try ledger?.sawUnits([UnitRecord(key: .run("a")), UnitRecord(key: .run("b"))])
        try ledger?.begin(.run("a"), resuming: false, targetID: nil)
        let held = try JobReport(folder: job.folder)
        #expect(held.holder?.process == "\(getpid())")
        #expect(held.totals.units[.seen] == 1 && held.totals.units[.running] == 1)
        #expect(held.identity == LedgerTestJob.identity)
        ledger = nil
        #expect(try JobReport(folder: job.folder).holder == nil)
    }

    /// A killed process leaves its words in the lock file, and no lock.
    @Test func wordsOfADeadHolderAreNotBelieved() throws {
        let job = LedgerTestJob()
        _ = try job.open()
        try "pid 1\nmachine here\nstarted 2026-01-01T00:00:00Z\n".write(
            toFile: job.folder + "/lock", atomically: false, encoding: .utf8)
        #expect(try JobReport(folder: job.folder).holder == nil)
    }

    @Test func lookingChangesNothing() throws {
        let job = LedgerTestJob()
        _ = try job.open()
        let then = Date(timeIntervalSince1970: 1_000_000_000)
        try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: job.file)
        #expect(try JobReport(folder: job.folder).changed == 1_000_000_000_000)
        #expect(try JobReport(folder: job.folder).changed == 1_000_000_000_000)
    }

    @Test func failuresComeInOrderWithTheirReasons() throws {
        let job = LedgerTestJob()
        let ledger = try job.open()
        for id in ["a", "b", "c"] {
            try ledger.sawUnit(UnitRecord(key: .run(id)))
            try ledger.begin(.run(id), resuming: false, targetID: nil)
            try ledger.fail(.run(id), HostError(.limit, "\(id) is too long.", remedy: "Cut it."))
        }
        let report = try JobReport(folder: job.folder)
        let two = try report.failures(limit: 2)
        #expect(two.map(\.record.key.id) == ["a", "b"])
        #expect(two.first?.failure?.message == "a is too long." && two.first?.failure?.remedy == "Cut it.")
        #expect(try report.failures(limit: .max).count == 3)
    }

    @Test func onlyFoldersWithALedgerAreJobs() throws {
        let job = LedgerTestJob()
        _ = try job.open()
        let root = (job.folder as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: job.folder + "/empty", withIntermediateDirectories: true)
        #expect(JobReport.names(in: root).contains((job.folder as NSString).lastPathComponent))
        #expect(JobReport.names(in: job.folder) == [])
        #expect(JobReport.names(in: job.folder + "/absent") == [])
        #expect(hostError { _ = try JobReport(folder: job.folder + "/empty") }?.status == .notFound)
    }
}
