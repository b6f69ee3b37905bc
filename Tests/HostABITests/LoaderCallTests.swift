// SPDX-License-Identifier: Apache-2.0

import HostABI
import HostRecords
import Testing

@Suite(.inBothPlaces) struct LoaderCallTests {
    let told = ToldByPlugin()
    private let points: RecordBatch

    init() throws {
        points = try RecordBatch(.points, [("path", .text(["a"])), ("value", .denseFloat64([1]))])
    }

    private var info: UnitInfo {
        var info = UnitInfo(ref: UnitRef(kind: "run", project: "p", id: "1"))
        info.key = "0123456789abcdef0123456789abcdef"
        info.name = "Ünïcode 実験"
        return info
    }

    private func writer(_ doing: String) throws -> any UnitWriter {
        try told.loader(doing).begin(info, found: Found(.partial), mode: .continue, resumeAfter: 7)
    }

    @Test func foundIsCopiedBeforeItsMemoryGoes() throws {
        let found = try told.loader("").find(info)
        #expect(found.state == .partial && found.target == info.key && found.note == "Ünïcode 実験")
        #expect(
            try told.loader("unknown state").find(info).state == .foreign, "what is not known is not ours")
    }

    @Test func commitIsToldTheCountsAndAnswersTheTarget() throws {
        let rows: [Table: Int64] = [.points: 1, .fields: 2, .series: 3, .histograms: 4, .files: 5]
        let target = try writer("").commit(CommitSummary(rows: rows, checksum: "abc"))
        #expect(target.id == "abc" && target.url == "https://example.com/1")
    }

    @Test func loaderThatDoesNotTakeABatchLeavesItToTheHost() throws {
        let error = hostError { _ = try writer("does not take").write(points, sequence: 8) }
        #expect(error?.status == .unavailable && error?.retryClass == .later)
        #expect(points.text("path")[0] == "a")
    }

    @Test func durableBatchThatWasNeverWrittenIsRefused() throws {
        #expect(try writer("").write(points, sequence: 8) == 8)
        #expect(hostError { _ = try writer("boasts").write(points, sequence: 8) }?.status == .invalidState)
        #expect(try writer("").flush(upTo: 8) == 7)
        #expect(hostError { _ = try writer("").flush(upTo: 6) }?.status == .invalidState)
    }

    @Test func roleThatIsNotThereIsToldAsSuch() throws {
        let values = OptionValues(scope: "", values: [:])
        let loaderOnly = try PluginPlace.open(Variant.loaderOnly.path)
        let exporterOnly = try PluginPlace.open(Variant.exporterOnly.path)
        _ = try loaderOnly.openLoader(values, context: told.context())
        let reading = hostError {
            _ = try loaderOnly.openExporter(
                values, context: told.context(), scratch: "/tmp")
        }
        let writing = hostError { _ = try exporterOnly.openLoader(values, context: told.context()) }
        #expect(reading?.status == .unsupported && reading?.message.contains("--from") == true)
        #expect(writing?.status == .unsupported && writing?.message.contains("--to") == true)
    }

    @Test func unitCrossesTheBorderWhole() {
        var unit = info
        unit.group = "g"
        unit.state = "failed"
        unit.owner = "me"
        unit.parent = "p1"
        unit.forkParent = "p2"
        unit.forkStep = Step(-1, millionths: 750_000)
        unit.parentTarget = "t"
        unit.created = 1
        unit.started = -2
        unit.isArchived = true
        unit.revision = "r"
        unit.job = "j"
        unit.source = "s"
        let back = unit.withBorder { UnitInfo($0.pointee) }
        #expect("\(back)" == "\(unit)")
        #expect(back.ended == nil && back.forkStep == Step(-1, millionths: 750_000))
    }
}
