// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

struct LifeOrder: ConformanceTest {
    let name = "life-order"
    let level = Level.lifecycle
    let summary = "readers and loads can be closed at any point; calls in a wrong order are errors"
    let crashRule = "R-LIFE-7"

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        _ = try bench.plugin()
        if bench.briefing.exporter != nil { try exporter(bench) }
        if bench.briefing.loader != nil { try loader(bench) }
    }

    private func exporter(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        // Before the first row, in the middle, after an error.
        try exporter.list().close()
        let reader = try exporter.list()
        let first = try reader.next()
        reader.close()
        let unknown = UnitRef(kind: "run", project: "no such project", id: "no such unit")
        for call in [exporter.paths, { try exporter.read($0) }] {
            do {
                _ = try call(unknown).all()
            } catch let error as HostError {
                bench.expect(
                    error.status != .internal, "R-LIFE-2",
                    expected: "an unknown unit is HOST_NOT_FOUND or the like",
                    happened: "\(error)")
            }
        }
        do { _ = try exporter.blob(Array("no/such/blob".utf8)) } catch is HostError {}
        guard let batch = first?.batch, let unit = UnitRows.refs(batch).first else { return }
        let records = try exporter.read(unit)
        while try records.next() != nil {}
        bench.expect(
            try records.next() == nil, "R-LIFE-15", expected: "next after the end gives HOST_END again",
            happened: "another batch")
    }

    private func loader(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        defer { loader.close() }
        let limits = try loader.limits()
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        let script = LoadScript(bench, loader, limits)
        // Begun and left.
        let left = try FittedUnit(try fixture.plain("left"), limits)
        try loader.begin(left.info, try loader.find(left.info), .new).end()
        // Written to after it was committed.
        let unit = try FittedUnit(try fixture.plain("late"), limits)
        let load = try script.begin(unit)
        for (index, batch) in unit.batches.enumerated() { try load.write(batch, UInt64(index + 1)) }
        try load.flush()
        _ = try load.commit(unit.rows)
        if let batch = unit.batches.first {
            do {
                try load.write(batch, UInt64(unit.batches.count + 1))
                bench.note(
                    "R-LIFE-15", expected: "write after commit is HOST_INVALID_STATE", happened: "HOST_OK")
            } catch let error as HostError {
                bench.expect(
                    error.status == .invalidState, "R-LIFE-15",
                    expected: "write after commit is HOST_INVALID_STATE",
                    happened: error.status.label)
            }
        }
        load.end()
    }
}

struct LifeTwo: ConformanceTest {
    let name = "life-two"
    let level = Level.lifecycle
    let summary = "two instances at once, on two threads, do what each does alone"
    let crashRule = "R-LIFE-10"
    let hangRule = "R-LIFE-10"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        _ = try bench.plugin()
        let alone = try sum(bench)
        let results = try Parallel.run(2) { _ in try self.sum(bench) }
        for result in results {
            bench.expect(
                result == alone, "R-LIFE-10", expected: "the same rows as alone", happened: "other ones")
        }
    }

    private func sum(_ bench: Bench) throws -> String {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        var text = ""
        for unit in try UnitRows.some(exporter, most: 3) {
            text += try ReadUnit(exporter, unit).checksum
        }
        return text
    }
}
