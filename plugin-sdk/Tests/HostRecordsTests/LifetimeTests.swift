// SPDX-License-Identifier: Apache-2.0

import CHost
import HostRecords
import Synchronization
import Testing

/// Who owns what when arrays cross the border. An address sanitizer makes these tests sharper.
@Suite struct LifetimeTests {
    private let count = ReleaseCount()

    private var released: Int { count.arrays.load(ordering: .relaxed) }

    /// A foreign batch of histograms: lists, and a dictionary for its paths.
    private func foreign() throws -> RecordBatch {
        let sample = try RecordBatch(
            .histograms,
            [
                ("path", .encodedText(EncodedText(texts: ["a", "b"], codes: [0, 1, 0]))),
                ("kind", .text(["counts", "counts", "counts"])), ("edges", .floatList([[0, 1], [2], []])),
                ("values", .floatList([[5], [6, 7], []])),
            ])
        let (schema, array) = ForeignBatch.make(ForeignNode(copying: sample), count)
        return try RecordBatch(checking: schema, array, table: .histograms)
    }

    private func export(_ batch: RecordBatch) -> (schema: ArrowSchema, array: ArrowArray) {
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.export(schema: &schema, array: &array)
        return (schema, array)
    }

    @Test func batchReleasesWhatItTookOver() throws {
        do {
            let batch = try foreign()
            #expect(batch.list("values").numbers(1) == [6, 7] && released == 0)
        }
        #expect(released == 1 && count.schemas.load(ordering: .relaxed) == 1)
    }

    @Test func columnKeepsItsBatch() throws {
        var column: TextColumn? = try foreign().text("path")
        #expect(released == 0 && column?[1] == "b")
        column = nil
        #expect(released == 1)
    }

    @Test func exportOutlivesTheBatch() throws {
        let (schema, array) = export(try foreign())
        #expect(released == 0)
        do {
            let again = try RecordBatch(checking: schema, array, table: .histograms)
            #expect(again.text("path")[2] == "a" && released == 0)
        }
        #expect(released == 1)
    }

    @Test(arguments: [true, false])
    func schemaAndArrayMayBeReleasedInAnyOrder(schemaFirst: Bool) throws {
        var (schema, array) = export(try foreign())
        if schemaFirst { schema.release(&schema) }
        array.release(&array)
        if !schemaFirst { schema.release(&schema) }
        #expect(released == 1 && schema.release == nil && array.release == nil)
    }

    @Test func releasingTwiceIsHarmless() throws {
        var (schema, array) = export(try foreign())
        let releaseArray = array.release
        let releaseSchema = schema.release
        for _ in 0..<2 {
            releaseArray?(&array)
            releaseSchema?(&schema)
        }
        #expect(released == 1)
    }

    @Test func childThatWasMovedOutOutlivesItsParent() throws {
        var (schema, array) = export(try foreign())
        let index = try #require(
            (0..<4).first { schema.children[$0].map { String(cString: $0.pointee.name) } == "values" })
        let place = try #require(array.children[index])
        var child = place.pointee
        place.pointee.release = nil
        array.release(&array)
        schema.release(&schema)
        #expect(released == 0)
        let items = try #require(child.children[0]).pointee
        let numbers = try #require(items.buffers[1]).assumingMemoryBound(to: Double.self)
        #expect([numbers[0], numbers[1], numbers[2]] == [5, 6, 7])
        child.release(&child)
        #expect(released == 1)
    }

    @Test func innermostArraysMayBeMovedOutTooAndTheBatchStaysWhole() throws {
        let batch = try foreign()
        var (schema, array) = export(batch)
        var moved: [ArrowArray] = []
        for index in 0..<Int(array.n_children) {
            let child = try #require(array.children[index])
            for place in [child.pointee.dictionary, child.pointee.children?[0]] {
                guard let place else { continue }
                moved.append(place.pointee)
                place.pointee.release = nil
            }
        }
        array.release(&array)
        schema.release(&schema)
        for index in moved.indices { moved[index].release(&moved[index]) }
        #expect(moved.count == 3)
        #expect(batch.text("path")[1] == "b" && batch.list("edges").numbers(0) == [0, 1])
        var second = export(batch)
        #expect(second.array.children[0]?.pointee.release != nil)
        second.array.release(&second.array)
        second.schema.release(&second.schema)
    }

    @Test func derivedBatchHoldsTheMemoryItShares() throws {
        var derived: RecordBatch? = try foreign().replacing([("kind", .text(["x", "y", "z"]))])
        #expect(released == 0)
        #expect(derived?.text("kind")[2] == "z" && derived?.text("path")[1] == "b")
        derived = nil
        #expect(released == 1)
    }

    @Test func unknownColumnsStayBehind() throws {
        var node = ForeignNode(
            copying: try RecordBatch(.points, [("path", .text(["a"])), ("value", .denseFloat64([1]))]))
        var stranger = ForeignNode()
        stranger.name = "colour"
        stranger.toldFieldChildren = .max
        node.children.insert(stranger, at: 0)
        let (foreignSchema, foreignArray) = ForeignBatch.make(node, count)
        var (schema, array) = export(try RecordBatch(checking: foreignSchema, foreignArray, table: .points))
        #expect(schema.n_children == 2 && array.n_children == 2)
        array.release(&array)
        schema.release(&schema)
        #expect(released == 1)
    }
}
