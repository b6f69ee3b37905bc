// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostRecords

/// Makes a call on a thread of its own and cancels while it runs.
enum CancelProbe {
    /// Seconds that a call may still take; see `host.h`.
    static let patience = 5.0

    /// - Parameter delay: microseconds between the start of `work` and `cancel`.
    static func run(
        _ bench: Bench, _ what: String, delay: UInt32, cancel: @escaping () -> Void,
        work: @escaping () throws -> Void
    ) throws {
        let box = Box()
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) let body = work
        let thread = Thread {
            do { try body() } catch { box.error = error }
            done.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
        if delay > 0 { usleep(delay) }
        try quickly(bench, what, cancel)
        bench.events.call("\(what) (cancelled)")
        guard done.wait(timeout: .now() + patience) == .success else {
            throw Finding(
                "R-LIFE-8", expected: "a call returns within 5 s of cancel",
                happened: "\(what) does not return")
        }
        if let finding = box.error as? Finding { throw finding }
        if let error = box.error as? HostError, error.status == .internal {
            bench.note(
                "R-LIFE-8", expected: "a call that is cancelled says so", happened: "\(what): \(error)")
        }
    }

    /// `cancel` on a thread of its own, since it may be what hangs.
    static func quickly(_ bench: Bench, _ what: String, _ cancel: @escaping () -> Void) throws {
        let clock = ContinuousClock()
        let start = clock.now
        bench.events.call("\(what).cancel")
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) let body = cancel
        Thread {
            body()
            done.signal()
        }.start()
        guard done.wait(timeout: .now() + patience) == .success else {
            throw Finding("R-LIFE-8", expected: "cancel does not wait", happened: "hung in cancel of \(what)")
        }
        bench.expect(
            clock.now - start < .seconds(1), "R-LIFE-8", expected: "cancel does not wait",
            happened: "it took \(clock.now - start)")
    }

    private final class Box: @unchecked Sendable { var error: (any Error)? }
}

struct LifeCancel: ConformanceTest {
    let name = "life-cancel"
    let level = Level.lifecycle
    let summary = "cancel before, during and after each call ends it within 5 s, and close works"
    let crashRule = "R-LIFE-8"
    let hangRule = "R-LIFE-8"

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        _ = try bench.plugin()
        var random = bench.random("cancel")
        if bench.briefing.exporter != nil { try exporter(bench, &random) }
        if bench.briefing.loader != nil { try loader(bench, &random) }
    }

    private func exporter(_ bench: Bench, _ random: inout SeededGenerator) throws {
        let unit = try firstUnit(bench)
        let calls: [(String, (RawExporter) throws -> Void)] = [
            ("exporter.check", { try $0.check() }),
            ("exporter.list", { _ = try $0.list().all() }),
            ("exporter.paths", { exporter in if let unit { _ = try exporter.paths(unit).all() } }),
            ("exporter.read", { exporter in if let unit { _ = try exporter.read(unit).all() } }),
        ]
        for (name, call) in calls {
            for delay in [0, UInt32.random(in: 1...20_000, using: &random)] {
                let exporter = try bench.openExporter()
                // Before any call: the one that comes next has to see it.
                if delay == 0 { try CancelProbe.quickly(bench, "exporter", { exporter.cancel() }) }
                try CancelProbe.run(bench, name, delay: delay, cancel: { exporter.cancel() }) {
                    try call(exporter)
                }
                exporter.close()
            }
        }
        // Twice, and when nothing runs.
        let exporter = try bench.openExporter()
        for _ in 0..<2 { try CancelProbe.quickly(bench, "exporter", { exporter.cancel() }) }
        exporter.close()
    }

    private func loader(_ bench: Bench, _ random: inout SeededGenerator) throws {
        for (index, delay) in [0, 0, UInt32.random(in: 1...50_000, using: &random), 2_000].enumerated() {
            let loader = try bench.openLoader()
            let limits = try loader.limits()
            let unit = try Fixture(bench, kind: limits.kinds.first ?? "run").plain("cancel-\(index)")
            if index == 0 { try CancelProbe.quickly(bench, "loader", { loader.cancel() }) }
            try CancelProbe.run(bench, "loader.write", delay: delay, cancel: { loader.cancel() }) {
                _ = try LoadScript(bench, loader, limits).whole(unit)
            }
            loader.close()
        }
        // What was cut short can be taken up again by a new instance.
        let loader = try bench.openLoader()
        defer { loader.close() }
        let limits = try loader.limits()
        let unit = try Fixture(bench, kind: limits.kinds.first ?? "run").plain("cancel-2")
        _ = try LoadScript(bench, loader, limits).whole(unit)
    }

    private func firstUnit(_ bench: Bench) throws -> UnitRef? {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        return try exporter.list().next().flatMap { UnitRows.refs($0.batch).first }
    }
}

struct LifeFlag: ConformanceTest {
    let name = "life-flag"
    let level = Level.lifecycle
    let summary = "calls end soon when the host says that it was cancelled, without cancel"
    let hangRule = "R-LIFE-9"

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        _ = try bench.plugin()
        let clock = ContinuousClock()
        if bench.briefing.exporter != nil {
            let exporter = try bench.openExporter()
            defer { exporter.close() }
            exporter.endpoint.cancel.set()
            try timed(bench, clock, "exporter.list") { _ = try exporter.list().all() }
        }
        if bench.briefing.loader != nil {
            let loader = try bench.openLoader()
            defer { loader.close() }
            let limits = try loader.limits()
            loader.endpoint.cancel.set()
            let unit = try Fixture(bench, kind: limits.kinds.first ?? "run").plain("flag")
            try timed(bench, clock, "loader.write") { _ = try LoadScript(bench, loader, limits).whole(unit) }
        }
    }

    private func timed(_ bench: Bench, _ clock: ContinuousClock, _ name: String, _ body: () throws -> Void)
        throws
    {
        let start = clock.now
        do { try body() } catch let error as HostError {
            bench.expect(
                error.status != .internal, "R-LIFE-9", expected: "a cancelled call says so",
                happened: "\(error)")
        }
        bench.expect(
            clock.now - start < .seconds(CancelProbe.patience), "R-LIFE-9",
            expected: "\(name) ends within 5 s once `cancelled` says so", happened: "\(clock.now - start)")
    }
}
