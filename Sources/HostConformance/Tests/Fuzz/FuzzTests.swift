// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostCore
internal import HostRecords

struct FuzzBatches: ConformanceTest {
    let name = "fuzz-batches"
    let level = Level.fuzz
    let summary = "random batches of any cut and form arrive, or are told as losses"
    let crashRule = "R-FUZZ-1"
    let hangRule = "R-FUZZ-1"

    func reasonToSkip(_ subject: Subject) -> String? { Need.loader(subject) }

    func run(_ bench: Bench) throws {
        let loader = try bench.openLoader()
        let limits = try loader.limits()
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        let deadline = ContinuousClock().now + .seconds(bench.testCase.fuzzSeconds)
        var units = 0
        var last: LoadScript.Loaded?
        while ContinuousClock().now < deadline || units == 0 {
            var random = bench.random("batches \(units)")
            let unit = FixtureUnit(
                record: fixture.record("fuzz-\(units)"), batches: try RandomRows.batches(&random))
            let form = BatchForm.all[Int.random(in: 0..<BatchForm.all.count, using: &random)]
            let done = try LoadScript(bench, loader, limits).whole(unit, form: form)
            if units < 5 { try ReadBack(bench).compare(done.unit, losses: done.losses, rule: "R-FUZZ-1") }
            last = done
            units += 1
        }
        loader.close()
        if let last { try ReadBack(bench).compare(last.unit, losses: last.losses, rule: "R-FUZZ-1") }
        bench.events.note("\(units) units")
    }
}

struct FuzzCursors: ConformanceTest {
    let name = "fuzz-cursors"
    let level = Level.fuzz
    let summary = "damaged cursors are refused or lead to the exact rest; readers end"
    let crashRule = "R-FUZZ-2"
    let hangRule = "R-FUZZ-2"

    func reasonToSkip(_ subject: Subject) -> String? { Need.exporter(subject) }

    func run(_ bench: Bench) throws {
        let exporter = try bench.openExporter()
        defer { exporter.close() }
        guard let unit = try UnitRows.some(exporter, most: 1).first else { return }
        let whole = try ReadUnit(exporter, unit)
        // Every rest that a true cursor has, and the whole: a changed cursor may be another true one.
        let rests = Set((0...whole.batches.count).map { ReadUnit.checksum(Array(whole.batches[$0...])) })
        let first = try exporter.list().next()?.cursor ?? []
        var random = bench.random("cursors")
        let deadline = ContinuousClock().now + .seconds(bench.testCase.fuzzSeconds / 2)
        var refused = 0
        var tried = 0
        while ContinuousClock().now < deadline || tried < 20 {
            let source =
                whole.batches.isEmpty
                ? [] : whole.batches[Int.random(in: 0..<whole.batches.count, using: &random)].cursor
            let cursor =
                tried < Self.certain.count ? Self.certain[tried] : RandomRows.damaged(source, &random)
            tried += 1
            do {
                let rest = try ReadUnit(exporter, unit, from: cursor)
                let isExact = rests.contains(rest.checksum)
                // Numbers in text have neighbours that stand for a true place between two batches.
                bench.expect(
                    isExact || isSubset(rest, whole), "R-FUZZ-2",
                    expected: "a damaged cursor is refused or exact",
                    happened: "rows that the unit does not have, or twice")
                if tried <= Self.certain.count {
                    bench.note(
                        "R-EXPORT-8", expected: "a cursor that is not the plugin's own is refused",
                        happened:
                            "\(cursor.count) bytes of rubbish were taken, \(rest.batches.count) batches came")
                }
            } catch let error as HostError {
                refused += 1
                bench.expect(
                    error.status == .invalidData, "R-EXPORT-8",
                    expected: "a damaged cursor is HOST_INVALID_DATA",
                    happened: "\(error)")
            }
            do { _ = try exporter.list(from: RandomRows.damaged(first, &random)).all() } catch is HostError {}
        }
        bench.events.note("\(refused) of \(tried) refused")
    }

    /// No plugin's own.
    private static let certain: [[UInt8]] = [
        [0xFF, 0xFE, 0x00, 0x01], Array("no cursor of this plugin".utf8),
        [UInt8](repeating: 0x41, count: 4096),
    ]

    private func isSubset(_ rest: ReadUnit, _ whole: ReadUnit) -> Bool {
        var some = RowSet()
        var all = RowSet()
        for item in rest.batches { some.add(item.batch) { $0 } }
        for item in whole.batches { all.add(item.batch) { $0 } }
        return Table.allCases.allSatisfy { some.missing(in: all, $0).isEmpty }
    }
}

struct FuzzTexts: ConformanceTest {
    let name = "fuzz-texts"
    let level = Level.fuzz
    let summary = "random names of units, projects and blobs are errors or taken as they are"
    let crashRule = "R-FUZZ-3"
    let hangRule = "R-FUZZ-3"

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        var random = bench.random("texts")
        var tried = 0
        let deadline = ContinuousClock().now + .seconds(bench.testCase.fuzzSeconds / 2)
        let exporter = bench.briefing.exporter == nil ? nil : try bench.openExporter()
        let loader = bench.briefing.loader == nil ? nil : try bench.openLoader()
        defer {
            exporter?.close()
            loader?.close()
        }
        while ContinuousClock().now < deadline || tried < 20 {
            let text = RandomRows.text(&random)
            tried += 1
            if let exporter {
                quietly { _ = try exporter.list(projects: text).next() }
                quietly { _ = try exporter.read(UnitRef(kind: "run", project: text, id: text)).next() }
                quietly { _ = try exporter.paths(UnitRef(kind: text, project: "", id: text)).next() }
                quietly { _ = try exporter.blob(Array(text.utf8)) }
            }
            if let loader {
                var info = UnitInfo(ref: UnitRef(kind: "run", project: text, id: text))
                info.key = String(repeating: "0", count: 32)
                quietly { _ = try loader.find(info) }
            }
        }
        bench.events.note("\(tried) texts")
    }

    private func quietly(_ body: () throws -> Void) { do { try body() } catch {} }
}

/// A folder that was read as a source, with bits turned and files cut.
struct FuzzSource: ConformanceTest {
    let name = "fuzz-source"
    let level = Level.fuzz
    let summary = "a damaged source gives errors or losses, no crash and no hang"
    let crashRule = "R-FUZZ-4"
    let hangRule = "R-FUZZ-4"

    private static let largest = 64 << 20

    func reasonToSkip(_ subject: Subject) -> String? {
        if let reason = Need.exporter(subject) { return reason }
        return FolderState.location(subject.briefing.exporter) == nil ? "the source is no folder" : nil
    }

    func run(_ bench: Bench) throws {
        var values = try bench.values(bench.briefing.exporter)
        guard let folder = FolderState.location(values) else { return }
        let copy = "\(bench.testCase.scratch)/source"
        let manager = FileManager.default
        try manager.copyItem(atPath: folder, toPath: copy)
        let old = values.scope
        values.scope = copy
        values.values = values.values.mapValues { value in
            if case .text(let text) = value, text.hasPrefix(old) {
                return .text(copy + text.dropFirst(old.count))
            }
            return value
        }
        let files = (manager.enumerator(atPath: copy)?.allObjects as? [String] ?? []).filter { name in
            let kind = try? manager.attributesOfItem(atPath: "\(copy)/\(name)")
            return kind?[.type] as? FileAttributeType == .typeRegular
                && (kind?[.size] as? Int ?? 0) < Self.largest
        }.sorted()
        guard !files.isEmpty else { return }
        var random = bench.random("source")
        let deadline = ContinuousClock().now + .seconds(bench.testCase.fuzzSeconds)
        var tried = 0
        while ContinuousClock().now < deadline || tried < 10 {
            let path = "\(copy)/\(files[Int.random(in: 0..<files.count, using: &random)])"
            guard let data = manager.contents(atPath: path) else { break }
            bench.events.call("exporter.read of a damaged \(path.split(separator: "/").last ?? "")")
            _ = manager.createFile(atPath: path, contents: Data(RandomRows.damaged(Array(data), &random)))
            read(bench, values)
            _ = manager.createFile(atPath: path, contents: data)
            tried += 1
        }
        bench.events.note("\(tried) damaged files")
    }

    private func read(_ bench: Bench, _ values: EndpointValues) {
        do {
            let exporter = try bench.openExporter(values)
            defer { exporter.close() }
            for unit in try UnitRows.some(exporter, most: ExportLimits.units) {
                quietly { _ = try ReadUnit(exporter, unit) }
            }
        } catch let finding as Finding {
            bench.note("R-FUZZ-4", expected: finding.expected, happened: finding.happened)
        } catch {}
    }

    private func quietly(_ body: () throws -> Void) {
        do { try body() } catch {}
    }
}
