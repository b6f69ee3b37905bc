// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

struct RoundTrip: ConformanceTest {
    let name = "round-trip"
    let level = Level.roundTrip
    let summary = "what was written reads the same bit by bit, or the difference was told as a loss"

    func reasonToSkip(_ subject: Subject) -> String? { Need.readBack(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let script = LoadScript(bench, loader, limits)
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        let units = try [fixture.plain("plain"), fixture.edge("edge"), fixture.empty("empty")].map {
            try script.whole($0)
        }
        loader.close()
        for done in units {
            try ReadBack(bench).compare(done.unit, losses: done.losses, rule: "R-ROUND-1")
            told(bench, done)
        }
    }

    /// A loss that counts more rows than there were did not happen.
    private func told(_ bench: Bench, _ done: LoadScript.Loaded) {
        for (table, rows) in done.unit.rows {
            let gone = done.losses.filter { $0.table == table && $0.kind.removesRows }.reduce(0) {
                $0 + $1.rows
            }
            bench.expect(
                gone <= rows, "R-ROUND-3",
                expected: "at most the \(rows) rows of \(table.label) are told as lost",
                happened: "\(gone)")
        }
    }
}

struct RoundTripKeys: ConformanceTest {
    let name = "round-trip-keys"
    let level = Level.roundTrip
    let summary = "equal points, and names that differ in role, case or form, stay apart"

    func reasonToSkip(_ subject: Subject) -> String? { Need.readBack(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        typealias Field = FixtureRows.Field
        let names = ["key", "Key", "KEY", "k\u{E9}y", "ke\u{301}y", "key/", "key.", "key 1", "key_1"]
        let start = FixtureRows.start
        let points = try RecordBatch(
            .points,
            [
                ("path", .text(["key", "key", "Key", "key", "key"])), ("step", .int64([1, 1, 1, 1, 2])),
                ("time", .time([start, start, start, start + 1000, start])),
                ("value", .denseFloat64([1, 1, 1, 1, 1])),
            ])
        let unit = FixtureUnit(
            record: fixture.record("keys"),
            batches: [
                try FixtureRows.batch(
                    names.map { Field($0, "parameter", .text("of \($0)")) } + [
                        Field("key", "tag", .text("a tag"))
                    ]),
                points,
            ])
        let done = try LoadScript(bench, loader, limits).whole(unit)
        loader.close()
        try ReadBack(bench).compare(done.unit, losses: done.losses, rule: "R-ROUND-2")
    }
}

struct RoundTripTwice: ConformanceTest {
    let name = "round-trip-twice"
    let level = Level.roundTrip
    let summary = "a unit written twice is there once, and its own facts come back"

    func reasonToSkip(_ subject: Subject) -> String? { Need.readBack(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let script = LoadScript(bench, loader, limits)
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        _ = try script.whole(try fixture.plain("twice"))
        let again = try script.whole(try fixture.plain("twice"))
        loader.close()
        try ReadBack(bench).compare(again.unit, losses: again.losses, rule: "R-ROUND-4")
        let exporter = try bench.openExporter(bench.briefing.readBack)
        defer { exporter.close() }
        let times = try UnitMatch.count(again.unit.info, exporter)
        bench.expect(times == 1, "R-ROUND-4", expected: "the unit is there once", happened: "\(times) times")
        guard let ref = try UnitMatch.find(again.unit.info, exporter),
            let unit = try UnitRows.all(exporter).first(where: { $0.key == ref })
        else { return }
        facts(bench, unit, again.unit.info, limits, again.losses)
    }

    private func facts(
        _ bench: Bench, _ unit: UnitRecord, _ info: UnitInfo, _ limits: Limits, _ losses: [LossReport]
    ) {
        // Losses of units/1 say that something of the unit itself has no place.
        guard !losses.contains(where: { $0.table == .units }) else { return }
        var pairs: [(String, String?, String?)] = [
            ("name", info.name, unit.name), ("group", info.group, unit.group),
            ("state", info.state, unit.state),
        ]
        if limits.abilities.contains(.setTimes) {
            pairs += [
                ("created", info.created.map { "\($0)" }, unit.created.map { "\($0)" }),
                ("ended", info.ended.map { "\($0)" }, unit.ended.map { "\($0)" }),
            ]
        }
        for (what, written, read) in pairs {
            bench.expect(
                written == read, "R-ROUND-5", expected: "the unit's \(what) comes back: \(written ?? "none")",
                happened: read ?? "none")
        }
    }
}
