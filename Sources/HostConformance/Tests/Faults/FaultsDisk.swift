// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A file system that takes no more, for targets and sources that are folders.
struct FaultDisk: ConformanceTest {
    let name = "fault-disk"
    let level = Level.faults
    let summary =
        "a full disk and a folder without rights are HOST_IO, and nothing is called durable that is not there"
    let crashRule = "R-FAULT-4"

    func reasonToSkip(_ subject: Subject) -> String? {
        if let reason = Need.loader(subject) { return reason }
        return FolderState.isInScratch(subject.briefing.loader)
            ? nil : "the target is no folder of the test's own"
    }

    func drive(_ driver: Driver) throws(Finding) -> String {
        var done = 0
        for size in [0, 100, 4_000, 60_000, 1_000_000] {
            let folder = try driver.folder("full-\(size)")
            let full = try driver.stage("full", ["size": "\(size)"], scratch: folder)
            try driver.stage("resume", ["durable": "\(full.durable)", "size": "\(size)"], scratch: folder)
            done += 1
        }
        try driver.stage("rights", scratch: try driver.folder("rights"))
        return "\(done) sizes"
    }

    func run(_ bench: Bench) throws {
        switch bench.testCase.stage {
        case "full": try full(bench)
        case "rights": try rights(bench)
        default: try resume(bench)
        }
    }

    private func unit(_ bench: Bench, _ limits: Limits) throws -> FittedUnit {
        try FittedUnit(try Fixture(bench, kind: limits.kinds.first ?? "run").plain("disk"), limits)
    }

    /// Files may not grow beyond a size: as on a full disk a write fails in the middle of a batch.
    private func full(_ bench: Bench) throws {
        let size = bench.testCase.parameters["size"].flatMap { UInt($0) } ?? 0
        let loader = try bench.openLoader()
        defer { loader.close() }
        let limits = try loader.limits()
        let unit = try unit(bench, limits)
        for batch in unit.batches where batch.table == .files {
            for row in 0..<batch.count { _ = try BlobFolder(bench).open(batch.text("blob")[row] ?? "") }
        }
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: size, rlim_max: .max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        defer {
            limit.rlim_cur = .max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        }
        do {
            _ = try LoadScript(bench, loader, limits).whole(unit)
            bench.events.note("the target needs no file of \(size) bytes")
        } catch let error as HostError {
            bench.expect(
                error.status == .io, "R-FAULT-4", expected: "a full disk is HOST_IO", happened: "\(error)")
        }
    }

    private func resume(_ bench: Bench) throws {
        let durable = bench.testCase.parameters["durable"].flatMap { UInt64($0) } ?? 0
        let size = bench.testCase.parameters["size"] ?? ""
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let unit = try unit(bench, limits)
        let script = LoadScript(bench, loader, limits)
        let found = try loader.find(unit.info)
        var losses: [LossReport] = []
        if found.state != .complete {
            let load = try script.begin(unit, acknowledged: durable)
            losses = try script.finish(load, unit, from: found.state == .partial ? durable : 0).losses
        }
        loader.close()
        let silent = EventPipe(descriptor: nil)
        try ReadBack(Bench(bench.testCase, silent)).compare(unit, losses: losses, rule: "R-FAULT-4")
        for finding in silent.findings {
            bench.note(
                "R-FAULT-4", expected: "disk full at \(size) bytes, then space again: \(finding.expected)",
                happened: finding.happened)
        }
    }

    private func rights(_ bench: Bench) throws {
        // Root writes everywhere; then there is nothing to see.
        guard geteuid() != 0 else { return bench.events.note("not tried as root") }
        chmod(bench.testCase.scratch, 0o500)
        defer { chmod(bench.testCase.scratch, 0o700) }
        do {
            let loader = try bench.openLoader()
            defer { loader.close() }
            let limits = try loader.limits()
            _ = try LoadScript(bench, loader, limits).whole(try unit(bench, limits))
            bench.note("R-FAULT-4", expected: "a folder without rights is HOST_IO", happened: "HOST_OK")
        } catch let error as HostError {
            bench.expect(
                error.status == .io, "R-FAULT-4", expected: "a folder without rights is HOST_IO",
                happened: "\(error)")
        }
    }
}
