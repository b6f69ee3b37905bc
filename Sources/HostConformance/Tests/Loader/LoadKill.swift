// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostCore
internal import HostRecords

/// `kill -9` at and inside the calls of a load; then a new process goes on with what was acknowledged, and what is
/// read back has to be exactly what was written.
struct LoadKill: ConformanceTest {
    let name = "load-kill"
    let level = Level.loader
    let summary =
        "killed at every call, a load goes on where it was acknowledged: nothing lost, nothing twice"
    let crashRule = "R-LOADER-3"

    /// Points in time that are tried at most; beyond that, evenly chosen ones.
    private static let most = 16

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func drive(_ driver: Driver) throws(Finding) -> String {
        let undisturbed = try driver.stage("load", scratch: try driver.folder("k0"))
        let losses = undisturbed.values["losses"] ?? "[]"
        let calls = Int(undisturbed.values["calls"] ?? "") ?? 0
        let micros = Double(undisturbed.values["micros"] ?? "") ?? 0
        guard calls > 1 else { throw Finding("kit", expected: "calls to be counted", happened: "\(calls)") }
        var random = SeededGenerator(seed: driver.settings.seed, purpose: name)
        let points = Spread.of(calls, most: Self.most)
        var done = 0
        for (index, point) in points.enumerated() {
            // Each point at the call's end and, in turn, inside of it.
            for isInside in [false, true] where !isInside || index % 2 == 0 {
                guard driver.secondsLeft > 5 else { break }
                var parameters = ["kill": "\(point)", "losses": losses]
                if isInside {
                    let longest = UInt32(max(micros / Double(calls) * 1.5, 50))
                    parameters["delay"] = "\(UInt32.random(in: 1...longest, using: &random))"
                }
                let folder = try driver.folder("k\(point)\(isInside ? "i" : "")")
                try once(driver, parameters, folder, &random)
                done += 1
                try? FileManager.default.removeItem(atPath: folder)
            }
        }
        return "\(done) kills in \(calls) calls"
    }

    private func once(
        _ driver: Driver, _ parameters: [String: String], _ folder: String, _ random: inout SeededGenerator
    ) throws(Finding) {
        let killed = try driver.stage("load", parameters, scratch: folder, mayBeKilled: true)
        // The word "durable" may have been lost on its way to the ledger: then an older one is all that is known.
        let known =
            Bool.random(using: &random)
            ? killed.acknowledged.randomElement(using: &random) ?? 0 : killed.durable
        let place =
            "killed \(parameters["delay"] == nil ? "after" : "inside") \(killed.calls.last ?? "the start")"
        try driver.stage(
            "resume",
            [
                "acknowledged": "\(known)", "losses": parameters["losses"] ?? "[]",
                "durable": "\(killed.durable)", "place": place,
                "begun": killed.calls.contains("loader.write") ? "yes" : "no",
                "committing": killed.calls.contains("loader.commit") ? "yes" : "no",
            ], scratch: folder)
    }

    func run(_ bench: Bench) throws {
        if bench.testCase.stage == "load" { try load(bench) } else { try resume(bench) }
    }

    private func unit(_ bench: Bench, _ limits: Limits) throws -> FittedUnit {
        try FittedUnit(try Fixture(bench, kind: limits.kinds.first ?? "run").plain("killed"), limits)
    }

    private func load(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let unit = try unit(bench, limits)
        let clock = ContinuousClock()
        let start = clock.now
        let done = try LoadScript(bench, loader, limits).whole(unit)
        bench.events.value("losses", ToldLoss.text(done.losses))
        bench.events.value("micros", "\((clock.now - start) / .microseconds(1))")
        bench.events.value("calls", "\(bench.killer.count)")
        loader.close()
    }

    private func resume(_ bench: Bench) throws {
        let parameters = bench.testCase.parameters
        let acknowledged = parameters["acknowledged"].flatMap { UInt64($0) } ?? 0
        let durable = parameters["durable"].flatMap { UInt64($0) } ?? 0
        let place = parameters["place"] ?? ""
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let unit = try unit(bench, limits)
        let script = LoadScript(bench, loader, limits)
        let found = try loader.find(unit.info)
        switch found.state {
        case .nothing where durable > 0:
            bench.note(
                "R-LOADER-3", expected: "\(place): batch \(durable) was durable, so the unit is there",
                happened: "find says nothing")
        case .foreign:
            bench.note("R-LOADER-1", expected: "\(place): the unit is found by its key", happened: "foreign")
        case .complete where parameters["committing"] != "yes":
            bench.note(
                "R-LOADER-2", expected: "\(place): partial or broken before commit", happened: "complete")
        default: break
        }
        // What the killed process told is lost with it; told as a whole it is what the undisturbed load told.
        let losses = ToldLoss.reports(parameters["losses"] ?? "[]")
        if found.state != .complete {
            let takesUp = found.state == .partial
            let load = try script.begin(unit, acknowledged: acknowledged)
            do {
                _ = try script.finish(load, unit, from: takesUp ? acknowledged : 0)
            } catch let error as HostError {
                throw Finding(
                    "R-LOADER-3", expected: "\(place): the load goes on behind batch \(acknowledged)",
                    happened: "\(error)")
            }
        }
        loader.close()
        try verify(bench, unit, losses, place)
    }

    private func verify(_ bench: Bench, _ unit: FittedUnit, _ losses: [LossReport], _ place: String) throws {
        let back = ReadBack(bench)
        let silent = EventPipe(descriptor: nil)
        let quiet = Bench(bench.testCase, silent)
        try ReadBack(quiet).compare(unit, losses: losses, rule: "R-LOADER-3")
        for finding in silent.findings {
            bench.note(finding.rule, expected: "\(place): \(finding.expected)", happened: finding.happened)
        }
        try back.count([unit], losses: losses, rule: "R-LOADER-4")
        let loader = try bench.openLoader()
        let found = try loader.find(unit.info)
        bench.expect(
            found.state == .complete, "R-LOADER-12", expected: "\(place): complete after the resumed load",
            happened: "\(found.state)")
        loader.close()
        guard bench.briefing.readBack != nil else { return }
        let exporter = try bench.openExporter(bench.briefing.readBack)
        defer { exporter.close() }
        let times = try UnitMatch.count(unit.info, exporter)
        bench.expect(
            times == 1, "R-LOADER-4", expected: "\(place): the unit is there once", happened: "\(times) times"
        )
    }
}
