// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostRecords
import Testing

/// The first C example of the SDK, through its whole life.
@Suite(.inBothPlaces) struct MinimalPluginTests {
    let told = ToldByPlugin()

    private func exporter(points: Int64, context: CallContext) throws -> any ExporterInstance {
        try PluginPlace.open(CompiledPlugin.build(CompiledPlugin.minimalSource)).openExporter(
            OptionValues(scope: "", values: [0: .integer(points)]), context: context,
            scratch: NSTemporaryDirectory())
    }

    private func all(_ reader: any BatchReader) throws -> [(batch: RecordBatch, cursor: [UInt8])] {
        var batches: [(batch: RecordBatch, cursor: [UInt8])] = []
        while let next = try reader.next() { batches.append(next) }
        return batches
    }

    @Test func moveOfARunFromListToCommit() throws {
        let exporter = try exporter(points: 20, context: told.context())
        try exporter.check()
        let units = try all(exporter.list(projects: []))
        #expect(units.map(\.batch.table) == [.units])
        let ids = units[0].batch.text("id")
        #expect((0..<2).map { ids[$0] } == ["r-1", "r-2"] && units[0].batch.text("project")[1] == "demo")

        let unit = UnitRef(kind: "run", project: "demo", id: "r-2")
        let names = try all(exporter.paths(unit))[0].batch
        #expect((0..<names.count).map { names.text("path")[$0] } == ["lr", "model", "loss"])

        let batches = try all(exporter.read(unit, from: []))
        #expect(batches.map(\.batch.table) == [.fields, .points, .points, .points])
        #expect(batches.map(\.batch.count) == [2, 8, 8, 4])
        #expect(batches.map { String(decoding: $0.cursor, as: UTF8.self) } == ["1", "2", "3", "4"])
        let last = PointsView(batches[3].batch)
        #expect(last.step[3] == Step(19) && last.value[3] == 1.0 / 20 && last.path[0] == "loss")
        let fields = FieldsView(batches[0].batch)
        #expect(fields.value(1) == .text("tiny") && fields.role[0] == "parameter")

        let loader = try exporter.library.openLoader(
            OptionValues(scope: "", values: [:]), context: told.context())
        try loader.check()
        #expect(try loader.limits().tables == [.fields, .points])
        let info = UnitInfo(ref: unit)
        let found = try loader.find(info)
        #expect(found.state == .nothing)
        let writer = try loader.begin(info, found: found, mode: .new, resumeAfter: 0)
        for (number, item) in batches.enumerated() {
            let sequence = UInt64(number + 1)
            #expect(try writer.write(item.batch, sequence: sequence) == sequence)
        }
        #expect(try writer.flush(upTo: 4) == 4)
        let target = try writer.commit(CommitSummary(rows: [.points: 20, .fields: 2], checksum: "00"))
        #expect(target.id == "counted-r-2" && target.url == "")
        #expect(told.log == ["info plugin (from): 20 points, 2 fields"])
        // What was handed over twice is still whole.
        #expect(PointsView(batches[1].batch).step[7] == Step(7))
    }

    @Test func readerGoesOnFromACursor() throws {
        let exporter = try exporter(points: 20, context: told.context())
        let unit = UnitRef(kind: "run", project: "demo", id: "r-1")
        for cut in 0...4 {
            let rest = try all(exporter.read(unit, from: Array("\(cut)".utf8)))
            #expect(rest.map(\.batch.count) == Array([2, 8, 8, 4].dropFirst(cut)))
        }
    }

    @Test func rowsThatDidNotArriveAreNoticedAtCommit() throws {
        let exporter = try exporter(points: 3, context: told.context())
        let loader = try exporter.library.openLoader(
            OptionValues(scope: "", values: [:]), context: told.context())
        let info = UnitInfo(ref: UnitRef(kind: "run", project: "demo", id: "r-1"))
        let writer = try loader.begin(info, found: Found(.nothing), mode: .new, resumeAfter: 0)
        let error = hostError { _ = try writer.commit(CommitSummary(rows: [.points: 3], checksum: "")) }
        #expect(error?.status == .conflict && error?.message == "Not all rows of the unit came here.")
    }

    @Test func errorsSayWhatTheyAreAbout() throws {
        let exporter = try exporter(points: 3, context: told.context())
        let error = hostError {
            _ = try exporter.read(UnitRef(kind: "run", project: "demo", id: "r-9"), from: [])
        }
        #expect(error?.status == .notFound && error?.subject == "r-9" && error?.retryClass == .never)
        #expect(hostError { _ = try exporter.blob("x") }?.subject == "x")
        let option = hostError { _ = try self.exporter(points: -1, context: told.context()) }
        #expect(option?.status == .invalidOption && option?.subject == "points")
    }

    @Test func cancelledReadEndsAsStopped() throws {
        let exporter = try exporter(points: 100, context: told.context())
        let reader = try exporter.read(UnitRef(kind: "run", project: "demo", id: "r-1"), from: [])
        #expect(try reader.next() != nil)
        told.cancelFlag.set()
        let error = hostError { _ = try reader.next() }
        #expect(error?.status == .cancelled && error?.retryClass == .stop)
    }
}
