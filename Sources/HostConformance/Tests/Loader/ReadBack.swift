// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostCore
internal import HostRecords

/// What a target holds after a test: by the plugin's own exporter, else by the manifest's count program.
struct ReadBack {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    private var canRead: Bool { bench.briefing.readBack != nil }

    /// Compares one unit with what was written, when the plugin can read.
    ///
    /// - Parameter losses: what was told while it was written; rows of a table may differ as often as it says.
    func compare(_ unit: FittedUnit, losses: [LossReport], rule: String) throws {
        guard canRead else { return }
        do {
            try compareRows(unit, losses: losses, rule: rule)
        } catch let error as HostError {
            throw Finding(rule, expected: "'\(unit.info.ref.id)' can be read back", happened: "\(error)")
        }
    }

    private func compareRows(_ unit: FittedUnit, losses: [LossReport], rule: String) throws {
        let exporter = try bench.openExporter(bench.briefing.readBack)
        defer { exporter.close() }
        guard let ref = try UnitMatch.find(unit.info, exporter) else {
            throw Finding(
                rule, expected: "'\(unit.info.ref.id)' can be read back", happened: "it is not listed")
        }
        let read = try ReadUnit(exporter, ref)
        let comparison = RowComparison(
            written: unit.rowSet, read: try read.rowSet(), losses: losses + read.losses)
        for finding in comparison.findings(unit.info.ref.id, rule: rule) { bench.note(finding) }
    }

    /// Compares the totals of the target's units with the count program's.
    func count(_ units: [FittedUnit], losses: [LossReport], rule: String) throws {
        guard !canRead, !bench.testCase.setup.count.isEmpty else { return }
        let told = try CountProgram.run(bench)
        var wanted: [String: Int64] = ["units": Int64(units.count)]
        for table in [Table.points, .fields, .series, .histograms, .files] {
            let gone = losses.filter { $0.table == table && $0.kind.removesRows }.reduce(0) { $0 + $1.rows }
            wanted[table.label] = units.reduce(0) { $0 + ($1.rows[table] ?? 0) } - gone
        }
        for (name, count) in wanted.sorted(by: { $0.key < $1.key }) {
            guard let real = told[name], real != count else { continue }
            bench.note(rule, expected: "\(count) \(name) in the target", happened: "\(real)")
        }
    }
}

/// The manifest's `count`: a program that prints one JSON object.
enum CountProgram {
    static func run(_ bench: Bench) throws -> [String: Int64] {
        let words = bench.testCase.setup.count.map { $0.replacing("{scratch}", with: bench.testCase.scratch) }
        bench.events.call("the count program")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0,
            let counts = try? JSONDecoder().decode([String: Int64].self, from: data)
        else {
            throw Finding(
                "kit", expected: "the count program prints one JSON object of numbers",
                happened:
                    "exit \(process.terminationStatus): \(String(decoding: data, as: UTF8.self).prefix(200))")
        }
        return counts
    }
}

/// Finds a written unit in a listing: a target may name project and id its own way.
enum UnitMatch {
    static func find(_ info: UnitInfo, _ exporter: RawExporter) throws -> UnitRef? {
        let units = try UnitRows.all(exporter)
        if let exact = units.first(where: { $0.key == info.ref }) { return exact.key }
        let near = units.filter { $0.key.id == info.ref.id || $0.name == info.name }
        return near.count == 1 ? near[0].key : near.first { $0.key.id == info.ref.id }?.key
    }

    /// How often it is listed.
    static func count(_ info: UnitInfo, _ exporter: RawExporter) throws -> Int {
        try UnitRows.all(exporter).count { $0.key == info.ref || $0.key.id == info.ref.id }
    }
}
