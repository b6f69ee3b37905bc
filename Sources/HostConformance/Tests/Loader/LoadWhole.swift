// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

struct LoadFixture: ConformanceTest {
    let name = "load-fixture"
    let level = Level.loader
    let summary = "ordinary, empty and odd units, a parent after its child, a run that goes on: all arrive"
    let crashRule = "R-LOADER-7"

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        defer { loader.close() }
        try loader.check()
        let limits = try loader.limits()
        let script = LoadScript(bench, loader, limits)
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        var running = try fixture.plain("running")
        running.record.state = "running"
        running.record.ended = nil
        let units = [
            fixture.empty(), try fixture.plain("child", parent: "parent"), try fixture.plain("parent"),
            running,
            try fixture.edge(),
        ]
        var losses: [LossReport] = []
        var loaded: [FittedUnit] = []
        for unit in units {
            let done = try script.whole(unit)
            losses += done.losses
            loaded.append(done.unit)
            bench.expect(
                !done.target.id.isEmpty, "R-LOADER-10", expected: "commit names the unit's id in the target",
                happened: "an empty one for '\(unit.record.key.id)'")
            complete(bench, try loader.find(done.unit.info), done.unit)
        }
        try link(bench, loader, script, fixture, limits)
        try ReadBack(bench).count(loaded, losses: losses, rule: "R-LOADER-8")
    }

    private func complete(_ bench: Bench, _ found: Found, _ unit: FittedUnit) {
        bench.expect(
            found.state == .complete, "R-LOADER-12",
            expected: "'\(unit.info.ref.id)' is found complete after commit",
            happened: "\(found.state)")
        bench.expect(
            found.revision == unit.info.revision, "R-LOADER-12",
            expected: "the revision comes back: '\(unit.info.revision)'",
            happened: "'\(found.revision)'")
    }

    /// The host takes a complete child up again once its parent has arrived.
    private func link(
        _ bench: Bench, _ loader: RawLoader, _ script: LoadScript, _ fixture: Fixture, _ limits: Limits
    ) throws {
        guard limits.abilities.contains(.nesting) else { return }
        let child = try FittedUnit(try fixture.plain("child", parent: "parent"), limits)
        let parent = try loader.find(FittedUnit(try fixture.plain("parent"), limits).info)
        var info = child.info
        info.parentTarget = parent.target
        // From the start: rows may come again, and are not doubled.
        let load = try loader.begin(info, try loader.find(info), .continue)
        _ = try script.finish(load, child, from: 0)
        complete(bench, try loader.find(info), child)
    }
}

struct LoadFind: ConformanceTest {
    let name = "load-find"
    let level = Level.loader
    let summary = "find tells nothing, partial, complete, and never writes"

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        defer { loader.close() }
        let limits = try loader.limits()
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        let unit = try FittedUnit(try fixture.plain(), limits)
        // Of a target that is no folder the server would have to be asked.
        let folder = FolderState.isInScratch(bench.briefing.loader) ? bench.testCase.scratch : nil
        for _ in 0..<2 {
            let before = try folder.map { try FolderState($0) }
            let found = try loader.find(unit.info)
            bench.expect(
                found.state == .nothing, "R-LOADER-1", expected: "nothing is found before begin",
                happened: "\(found.state)")
            if let before, let folder, let change = before.difference(to: try FolderState(folder)) {
                bench.note("R-LOADER-1", expected: "find never writes", happened: change)
            }
        }
        let script = LoadScript(bench, loader, limits)
        let load = try script.begin(unit)
        for (index, batch) in unit.batches.enumerated() { try load.write(batch, UInt64(index + 1)) }
        try load.flush()
        let between = try loader.find(unit.info)
        bench.expect(
            [.partial, .broken].contains(between.state), "R-LOADER-2",
            expected: "partial or broken between begin and commit", happened: "\(between.state)")
        try visible(bench, unit)
        _ = try load.commit(unit.rows)
        load.end()
        try after(bench, unit)
    }

    /// Before commit nobody must take the unit for whole.
    private func visible(_ bench: Bench, _ unit: FittedUnit) throws {
        let other = try bench.openLoader()
        defer { other.close() }
        let found = try other.find(unit.info)
        bench.expect(
            [.partial, .broken].contains(found.state), "R-LOADER-2",
            expected: "another instance finds it partial or broken before commit", happened: "\(found.state)")
    }

    private func after(_ bench: Bench, _ unit: FittedUnit) throws {
        let other = try bench.openLoader()
        defer { other.close() }
        let first = try other.find(unit.info)
        let second = try other.find(unit.info)
        bench.expect(
            first.state == .complete && second.state == .complete && first.target == second.target,
            "R-LOADER-12",
            expected: "another instance finds it complete, each time",
            happened: "\(first.state), \(second.state)")
        bench.expect(
            first.revision == unit.info.revision, "R-LOADER-12", expected: "revision '\(unit.info.revision)'",
            happened: "'\(first.revision)'")
    }
}

struct LoadForms: ConformanceTest {
    let name = "load-forms"
    let level = Level.loader
    let summary = "the same rows in every form of Arrow that tables.h allows arrive the same"
    let crashRule = "R-LOADER-7"

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let script = LoadScript(bench, loader, limits)
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        var units: [LoadScript.Loaded] = []
        for (index, form) in BatchForm.all.enumerated() {
            do {
                units.append(try script.whole(try fixture.plain("form-\(index)"), form: form))
            } catch let error as HostError {
                bench.note("R-LOADER-7", expected: "a loader takes \(form)", happened: "\(error)")
            }
        }
        loader.close()
        let back = ReadBack(bench)
        for done in units { try back.compare(done.unit, losses: done.losses, rule: "R-LOADER-7") }
        try back.count(units.map(\.unit), losses: units.flatMap(\.losses), rule: "R-LOADER-7")
    }
}

struct LoadAgain: ConformanceTest {
    let name = "load-again"
    let level = Level.loader
    let summary = "commit can be repeated; continue does not double; replace leaves nothing of the old"

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let script = LoadScript(bench, loader, limits)
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        // A neighbour that must stay as it is.
        let neighbour = try script.whole(try fixture.plain("neighbour"))
        let unit = try FittedUnit(try fixture.plain("again"), limits)
        let load = try script.begin(unit)
        for (index, batch) in unit.batches.enumerated() { try load.write(batch, UInt64(index + 1)) }
        try load.flush()
        let first = try load.commit(unit.rows)
        let second = try load.commit(unit.rows)
        bench.expect(
            first.id == second.id, "R-LOADER-10", expected: "commit again names the same unit",
            happened: "'\(first.id)', '\(second.id)'")
        load.end()
        let losses = loader.endpoint.losses
        try ReadBack(bench).compare(unit, losses: losses, rule: "R-LOADER-10")
        // All rows again on a unit that is begun anew in the middle.
        let twice = try FittedUnit(try fixture.plain("twice"), limits)
        let half = try script.begin(twice)
        for (index, batch) in twice.batches.enumerated().prefix(4) {
            try half.write(batch, UInt64(index + 1))
        }
        try half.flush()
        half.end()
        let continued = try script.whole(twice)
        try ReadBack(bench).compare(twice, losses: continued.losses, rule: "R-LOADER-4")
        // Other rows in the place of the first ones.
        let smaller = FixtureUnit(record: fixture.record("again"), batches: [try FixtureRows.fields()])
        let replaced = try script.whole(smaller)
        loader.close()
        let back = ReadBack(bench)
        try back.compare(replaced.unit, losses: replaced.losses, rule: "R-LOADER-11")
        try back.compare(neighbour.unit, losses: neighbour.losses, rule: "R-LOADER-11")
        try back.count(
            [neighbour.unit, replaced.unit, continued.unit],
            losses: neighbour.losses + replaced.losses + continued.losses, rule: "R-LOADER-11")
    }
}
