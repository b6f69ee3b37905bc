// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

struct LoadInside: ConformanceTest {
    let name = "load-inside"
    let level = Level.loader
    let summary = "names in the data lead nowhere outside the target"

    func reasonToSkip(_ subject: Subject) -> String? {
        if let reason = Need.loader(subject) { return reason }
        return FolderState.isInScratch(subject.briefing.loader)
            ? nil : "the target is no folder of the test's own"
    }

    func run(_ bench: Bench) throws {
        let values = try bench.values(bench.briefing.loader)
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        for id in ["../../../unit", "/unit", "..", "a/../../b", String(repeating: "u", count: 300)] {
            do {
                _ = try LoadScript(bench, loader, limits).whole(try fixture.edge(id))
            } catch let error as HostError {
                bench.expect(
                    error.status != .internal, "R-LOADER-15", expected: "an odd id is kept or refused",
                    happened: "\(error)")
            }
        }
        loader.close()
        // The target's own folder is the first part of its place below the scratch folder.
        let rest =
            values.scope.replacing(bench.testCase.scratch + "/", with: "").split(separator: "/").first ?? ""
        let outside = try FolderState(bench.testCase.scratch).names.filter { name in
            let top = String(name.split(separator: "/").first ?? "")
            return top != rest && ![".blobs", ".stdout", ".stderr"].contains(top)
        }
        if let stray = outside.sorted().first {
            bench.note(
                "R-LOADER-15", expected: "all files lie in the target", happened: "'\(stray)' lies outside")
        }
    }
}

struct LoadMemory: ConformanceTest {
    let name = "load-memory"
    let level = Level.loader
    let summary = "memory does not grow with the unit"

    /// Bytes above what the first tenth of the unit needed.
    private static let growth = 96 << 20
    private static let batches = 60

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        defer { loader.close() }
        let limits = try loader.limits()
        guard limits.tables.contains(.points) else { return bench.events.note("the target takes no points") }
        let rows = limits.maxBatchRows > 0 ? min(limits.maxBatchRows, 20_000) : 20_000
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        let unit = FittedUnitSource(try fixture.long("large", batches: 1, rows: 1), limits)
        let load = try LoadScript(bench, loader, limits).begin(try unit.opening())
        var random = bench.random("large")
        var early = 0
        var written: Int64 = 0
        let deadline = ContinuousClock().now + .seconds(min(bench.testCase.timeLimit / 3, 20))
        for index in 0..<Self.batches where ContinuousClock().now < deadline {
            let batch = try FixtureRows.points(["large"], from: index * rows, count: rows, &random)
            try load.write(batch, UInt64(index + 1))
            written += Int64(rows)
            if index == Self.batches / 10 { early = ProcessState().resident }
        }
        try load.flush()
        let late = ProcessState().resident
        load.end()
        bench.expect(
            early == 0 || late - early < Self.growth, "R-LOADER-16", expected: "memory stays flat",
            happened: "\((late - early) >> 20) MiB more for \(written) points")
        bench.events.note("\(written) points")
    }
}

/// A unit that is opened with a name or two and then written by hand.
struct FittedUnitSource {
    private let unit: FixtureUnit
    private let limits: Limits

    init(_ unit: FixtureUnit, _ limits: Limits) {
        self.unit = unit
        self.limits = limits
    }

    func opening() throws(HostError) -> FittedUnit {
        try FittedUnit(FixtureUnit(record: unit.record, batches: []), limits)
    }
}
