// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct SurveyTallyTests {
    private func fields(_ rows: [(path: String, type: String)]) throws -> RecordBatch {
        try RecordBatch(
            .fields,
            [
                ("path", .text(rows.map(\.path))), ("role", .text(rows.map { _ in "parameter" })),
                ("type", .text(rows.map(\.type))), ("int", .int64(rows.map { _ in 1 })),
            ])
    }

    private func points(_ paths: [String]) throws -> RecordBatch {
        try RecordBatch(
            .points,
            [
                ("path", .text(paths)), ("step", .int64(paths.indices.map { Int64($0) })),
                ("value", .denseFloat64(paths.map { _ in 0.5 })),
            ])
    }

    private func files(_ rows: [(path: String, role: String, size: Int64?)]) throws -> RecordBatch {
        try RecordBatch(
            .files,
            [
                ("path", .text(rows.map(\.path))), ("role", .text(rows.map(\.role))),
                ("name", .text(rows.map(\.path))), ("size", .int64(rows.map(\.size))),
                ("blob", .text(rows.map { _ in "b" })),
            ])
    }

    @Test func pathsCountOncePerType() throws {
        var tally = SurveyTally()
        tally.add(try fields([("a", "int"), ("a", "float"), ("b", "int"), ("a", "int")]))
        tally.add(try points(["a", "a", "c"]))
        tally.add(try points(["c", "é", "e\u{301}"]))
        #expect(
            tally.paths == [.int: 2, .float: 1, .floatSeries: 4], "é in one scalar and in two are two paths")
        #expect(tally.records == 10)
        #expect(tally.rows == [.fields: 4, .points: 6])
    }

    @Test func everyTypeHasNeptunesWord() throws {
        var tally = SurveyTally()
        tally.add(try fields(["text", "int", "float", "bool", "time", "set"].map { ($0, $0) }))
        tally.add(
            try files([
                ("f", "file", 3), ("g", "series", nil), ("h", "member", 4), ("h", "member", 5),
                ("i", "listing", 0),
            ]))
        let words = tally.paths.keys.map(\.rawValue).sorted()
        #expect(
            words == [
                "artifact", "bool", "datetime", "file", "file_series", "file_set", "float", "int", "string",
                "string_set",
            ])
        #expect(tally.paths[.fileSet] == 1)
        #expect(tally.fileBytes == 12)
    }

    @Test func partsAddUpToTheWhole() throws {
        var whole = SurveyTally()
        var first = SurveyTally()
        var second = SurveyTally()
        for (index, batch) in [try points(["a", "b"]), try fields([("a", "int")]), try points(["b", "c"])]
            .enumerated()
        {
            whole.add(batch)
            if index < 2 { first.add(batch) } else { second.add(batch) }
        }
        first.add(second)
        #expect(first.paths == whole.paths && first.rows == whole.rows && first.steps == whole.steps)
        #expect(first.paths[.floatSeries] == 3)
    }

    @Test func unknownTypesAreRecordsWithoutAType() throws {
        var tally = SurveyTally()
        tally.add(try fields([("a", "complex")]))
        #expect(tally.paths.isEmpty && tally.records == 1)
    }

    @Test func kindsKeepTheOrderOfTheListing() {
        var result = SurveyResult()
        let keys = [("p", "run"), ("q", "run"), ("p", "model"), ("p", "run")].map {
            UnitKey(kind: $0.1, project: $0.0, id: "")
        }
        let places = keys.map { result.place($0) }
        #expect(places.map(\.project) == [0, 1, 0, 0] && places.map(\.kind) == [0, 0, 1, 0])
        #expect(result.projects.map(\.project) == ["p", "q"])
        #expect(result.projects[0].kinds.map(\.kind) == ["run", "model"])
    }
}
