// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

struct ExportList: ConformanceTest {
    let name = "export-list"
    let level = Level.exporter
    let summary = "lists each unit once, in one order, and goes on from every cursor"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        try exporter.check()
        let first = try pages(exporter, from: [])
        let units = first.flatMap { UnitRows.records($0.batch) }
        guard !units.isEmpty else {
            throw Finding(
                "R-EXPORT-4", expected: "the conformance endpoint has units", happened: "none is listed")
        }
        let keys = units.map(\.key)
        let repeated = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }
        if let (key, all) = repeated.first {
            bench.note(
                "R-EXPORT-5", expected: "each unit once",
                happened: "\(key.id) of \(key.project) \(all.count) times")
        }
        let again = try pages(exporter, from: []).flatMap { UnitRows.records($0.batch) }
        bench.expect(
            again == units, "R-EXPORT-6", expected: "the same units in the same order",
            happened: "another listing")
        try restart(bench, exporter, first, units)
        bench.events.note("\(units.count) units")
    }

    private func restart(_ bench: Bench, _ exporter: RawExporter, _ first: [RawBatch], _ units: [UnitRecord])
        throws
    {
        var behind = 0
        for page in first {
            behind += page.batch.count
            guard !page.cursor.isEmpty else { continue }
            let rest = try pages(exporter, from: page.cursor).flatMap { UnitRows.records($0.batch) }
            guard rest == Array(units[behind...]) else {
                throw Finding(
                    "R-EXPORT-6",
                    expected: "from the cursor behind unit \(behind) come the other \(units.count - behind)",
                    happened: "\(rest.count)\(rest.count == units.count - behind ? " others" : "")")
            }
        }
    }

    private func pages(_ exporter: RawExporter, from cursor: [UInt8]) throws -> [RawBatch] {
        let reader = try exporter.list(from: cursor)
        defer { reader.close() }
        let pages = try reader.all()
        if let stray = pages.first(where: { $0.batch.table != .units }) {
            throw Finding("R-EXPORT-1", expected: "list gives units/1", happened: stray.batch.table.rawValue)
        }
        return pages
    }
}

struct ExportLazy: ConformanceTest {
    let name = "export-lazy"
    let level = Level.exporter
    let summary = "the first page of a listing does not wait for the last"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        let clock = ContinuousClock()
        let start = clock.now
        let reader = try exporter.list()
        let first = try reader.next()
        let firstTime = clock.now - start
        let requests = exporter.endpoint.requests
        let rest = try reader.all()
        let allTime = clock.now - start
        reader.close()
        guard first != nil, rest.count >= 10, allTime > .milliseconds(200) else {
            return bench.events.note("too few pages to tell: \(rest.count + (first == nil ? 0 : 1))")
        }
        bench.expect(
            firstTime < allTime / 2 || requests * 2 < exporter.endpoint.requests, "R-EXPORT-4",
            expected: "the first of \(rest.count + 1) pages comes long before the last",
            happened: "after \(firstTime) of \(allTime)")
    }
}

struct ExportPaths: ConformanceTest {
    let name = "export-paths"
    let level = Level.exporter
    let summary = "paths names all that read gives, and its counts are true"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        for unit in try UnitRows.some(exporter, most: ExportLimits.units) { try check(bench, exporter, unit) }
    }

    private func check(_ bench: Bench, _ exporter: RawExporter, _ unit: UnitRef) throws {
        let reader = try exporter.paths(unit)
        let pages = try reader.all()
        reader.close()
        var announced: [String: Int64?] = [:]
        for page in pages {
            guard page.batch.table == .paths else {
                throw Finding(
                    "R-EXPORT-1", expected: "paths gives paths/1", happened: page.batch.table.rawValue)
            }
            let rows = page.batch.int64("rows")
            for row in 0..<page.batch.count {
                let table = page.batch.text("table")[row] ?? ""
                let role = table == Table.fields.rawValue ? page.batch.text("role")[row] ?? "" : ""
                let key = "\(table) \(role) \(page.batch.text("path")[row] ?? "")"
                // The same name can stand there once for each part of a unit.
                let old: Int64? = announced[key] ?? 0
                // Without a number is announced too.
                announced.updateValue(old.flatMap { old in rows[row].map { $0 + old } }, forKey: key)
            }
        }
        let read = try ReadUnit(exporter, unit)
        var seen: [String: Int64] = [:]
        for item in read.batches where item.batch.table.columns.contains(where: { $0.name == "path" }) {
            guard Table.records.contains(item.batch.table) else { continue }
            for row in 0..<item.batch.count {
                let role = item.batch.table == .fields ? item.batch.text("role")[row] ?? "" : ""
                seen[
                    "\(item.batch.table.rawValue) \(role) \(item.batch.text("path")[row] ?? "")", default: 0] +=
                    1
            }
        }
        if let stray = seen.keys.filter({ announced[$0] == nil }).sorted().first {
            bench.note(
                "R-EXPORT-11", expected: "paths names every name that read gives",
                happened: "'\(stray)' of \(unit.id) is not announced")
        }
        for (key, count) in announced {
            guard let count, let real = seen[key], real != count else { continue }
            bench.note(
                "R-EXPORT-11", expected: "a count of rows is exact, or absent",
                happened: "'\(key)' of \(unit.id): \(count) announced, \(real) read")
        }
    }
}

/// How much of a large source the tests read.
enum ExportLimits {
    static let units = 25
    static let cursors = 40
}
