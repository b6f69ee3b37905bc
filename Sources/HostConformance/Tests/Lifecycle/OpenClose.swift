// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

struct LifeOpenClose: ConformanceTest {
    let name = "life-open-close"
    let level = Level.lifecycle
    let summary = "opens and closes 1,000 times with flat threads, files and memory"
    let crashRule = "R-LIFE-6"

    private static let rounds = 1000
    /// Instances before memory is looked at: caches of allocator and runtime are full then.
    private static let warmUp = 50
    /// Bytes; 900 instances that kept 20 KiB each would show.
    private static let growth = 16 << 20

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        _ = try bench.plugin()
        var told: [String] = []
        for role in [Roles.exporter, .loader] where values(role, bench) != nil {
            // The first instance may make what stays: a library's tables, the host's own network thread.
            try round(role, bench)
            let first = ProcessState()
            var warm = first
            let deadline = ContinuousClock().now + .seconds(min(bench.testCase.timeLimit / 4, 15))
            var done = 0
            while done < Self.rounds, ContinuousClock().now < deadline {
                try round(role, bench)
                done += 1
                if done == Self.warmUp { warm = ProcessState() }
            }
            let last = ProcessState.settled(first)
            for difference in first.differences(to: last) {
                bench.note(
                    "R-LIFE-6", expected: "close leaves nothing behind",
                    happened: "\(difference) after \(done) times")
            }
            if done > Self.warmUp {
                bench.expect(
                    last.resident - warm.resident < Self.growth, "R-LIFE-6", expected: "memory stays flat",
                    happened: "\((last.resident - warm.resident) >> 20) MiB more after \(done) times")
            }
            told.append("\(role.labels.joined()) \(done) times")
        }
        bench.events.note(told.joined(separator: ", "))
    }

    private func values(_ role: Roles, _ bench: Bench) -> EndpointValues? {
        role == .exporter ? bench.briefing.exporter : bench.briefing.loader
    }

    private func round(_ role: Roles, _ bench: Bench) throws {
        if role == .exporter { try bench.openExporter().close() } else { try bench.openLoader().close() }
    }
}

extension ProcessState {
    /// Threads that were told to end take a moment to leave the table of the kernel.
    static func settled(_ before: ProcessState) -> ProcessState {
        var state = ProcessState()
        let deadline = ContinuousClock().now + .seconds(2)
        while state.threads > before.threads, ContinuousClock().now < deadline {
            usleep(20_000)
            state = ProcessState()
        }
        return state
    }
}

struct LifeProcess: ConformanceTest {
    let name = "life-process"
    let level = Level.lifecycle
    let summary = "changes nothing of the process, and leaves no thread and no file, after work was done"

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        _ = try bench.endpoint()
        let untouched = ProcessState()
        _ = try bench.plugin()
        // The kit's network thread and the plugin's own statics are there after a first time.
        try work(bench)
        let before = ProcessState()
        try work(bench)
        let after = ProcessState.settled(before)
        for difference in untouched.processWide(after) {
            bench.note("R-LIFE-12", expected: "nothing process-wide changes", happened: difference)
        }
        if after.threads > before.threads {
            bench.note(
                "R-LIFE-6", expected: "no thread is left after close",
                happened: "\(after.threads - before.threads) more than before")
        }
        if after.descriptors.count > before.descriptors.count {
            bench.note(
                "R-LIFE-6", expected: "no open file is left after close",
                happened: "\(after.descriptors.count - before.descriptors.count) more than before")
        }
    }

    private func work(_ bench: Bench) throws {
        if bench.briefing.exporter != nil {
            let exporter = try bench.openExporter()
            defer { exporter.close() }
            try exporter.check()
            let reader = try exporter.list()
            if let first = try reader.next()?.batch, first.count > 0, let unit = UnitRows.refs(first).first {
                let records = try exporter.read(unit)
                for _ in 0..<3 { if try records.next() == nil { break } }
                records.close()
            }
            reader.close()
        }
        if bench.briefing.loader != nil {
            let loader = try bench.openLoader()
            defer { loader.close() }
            try loader.check()
            let limits = try loader.limits()
            _ = try LoadScript(bench, loader, limits).whole(
                Fixture(bench, kind: limits.kinds.first ?? "run").plain("process"))
        }
    }
}
