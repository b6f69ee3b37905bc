// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Rows as trackers usually have them.
package enum FixtureRows {
    /// Microseconds.
    static let start: Int64 = 1_700_000_000_456_000

    struct Field {
        var path: String
        var role: String
        var value: FieldValue

        init(_ path: String, _ role: String, _ value: FieldValue) {
            self.path = path
            self.role = role
            self.value = value
        }
    }

    package static func fields() throws(HostError) -> RecordBatch {
        try batch([
            Field("lr", "parameter", .float(0.001)), Field("layers", "parameter", .int(12)),
            Field("model", "parameter", .text("tiny")), Field("shuffle", "parameter", .bool(true)),
            Field("prepared", "parameter", .time(microseconds: start)),
            Field("stages", "parameter", .set(["a", "b c"])),
            Field("team", "tag", .text("vision")), Field("lr", "tag", .text("the same name as a parameter")),
            Field("description", "note", .text("two\nlines")), Field("machine", "system", .text("node-7")),
            Field("best", "summary", .float(0.25)), Field("extra", "other", .int(-3)),
        ])
    }

    static func batch(_ fields: [Field]) throws(HostError) -> RecordBatch {
        var ints: [Int64?] = []
        var floats: [Double?] = []
        var texts: [String?] = []
        var bools: [Bool?] = []
        var times: [Int64?] = []
        var sets: [[String]?] = []
        for field in fields {
            if case .int(let value) = field.value { ints.append(value) } else { ints.append(nil) }
            if case .float(let value) = field.value { floats.append(value) } else { floats.append(nil) }
            if case .text(let value) = field.value { texts.append(value) } else { texts.append(nil) }
            if case .bool(let value) = field.value { bools.append(value) } else { bools.append(nil) }
            if case .time(let value) = field.value { times.append(value) } else { times.append(nil) }
            if case .set(let value) = field.value { sets.append(value) } else { sets.append(nil) }
        }
        return try RecordBatch(
            .fields,
            [
                ("path", .text(fields.map(\.path))), ("role", .text(fields.map(\.role))),
                ("type", .text(fields.map(\.value.type))), ("int", .int64(ints)), ("float", .float64(floats)),
                ("text", .text(texts)), ("bool", .bool(bools)), ("time", .time(times)),
                ("set", .textList(sets)),
            ])
    }

    /// `count` rows of each path, steps from `from`, a second apart.
    package static func points(
        _ paths: [String], from: Int, count: Int, _ random: inout SeededGenerator
    ) throws(HostError) -> RecordBatch {
        let codes = paths.indices.flatMap { Array(repeating: Int32($0), count: count) }
        let steps = paths.flatMap { _ in (from..<from + count).map { Int64($0) } }
        return try RecordBatch(
            .points,
            [
                ("path", .encodedText(EncodedText(texts: paths, codes: codes))), ("step", .denseInt64(steps)),
                ("time", .time(steps.map { start + $0 * 1_000_000 })),
                ("value", .denseFloat64(steps.map { _ in Double.random(in: -1...1, using: &random) })),
            ])
    }

    package static func series() throws(HostError) -> RecordBatch {
        let steps = (0..<6).map { Int64($0) }
        return try RecordBatch(
            .series,
            [
                ("path", .text(steps.map { $0 < 4 ? "log/out" : "log/err" })), ("step", .denseInt64(steps)),
                ("time", .time(steps.map { start + $0 })), ("text", .text(steps.map { "line \($0)\n" })),
            ])
    }

    package static func histograms() throws(HostError) -> RecordBatch {
        try RecordBatch(
            .histograms,
            [
                ("path", .text(["weights", "weights"])), ("step", .denseInt64([0, 1])),
                ("time", .time([start, start + 5_000])), ("kind", .text(["counts", "densities"])),
                ("edges", .floatList([[0, 0.5, 1], [-1, 0, 1, 2]])),
                ("values", .floatList([[3, 4], [0.5, 0.25, 0.25]])),
            ])
    }

    /// Text, nothing, several MiB; a folder's member and two steps of a series.
    package static func files() throws(HostError) -> RecordBatch {
        let blobs = ["note/200", "nothing/0", "model/3145728", "member/70000", "step0/900", "step1/901"]
        let sizes = blobs.map { $0.split(separator: "/").last.flatMap { Int64($0) } }
        return try RecordBatch(
            .files,
            [
                ("path", .text(["report", "empty", "model", "dir", "images", "images"])),
                ("role", .text(["file", "file", "file", "member", "series", "series"])),
                ("name", .text(["report.txt", "empty.bin", "model.bin", "sub/part.bin", "0.png", "1.png"])),
                ("step", .int64([nil, nil, nil, nil, 0, 1])),
                ("time", .time([nil, nil, nil, nil, start, start + 1000])),
                ("size", .int64(sizes)), ("blob", .text(blobs)),
            ])
    }

    package static func links(_ project: String) throws(HostError) -> RecordBatch {
        try RecordBatch(
            .links,
            [
                ("relation", .text(["uses"])), ("kind", .text(["dataset"])), ("project", .text([project])),
                ("id", .text(["data-1"])), ("note", .text([nil])),
            ])
    }

    package static func grants() throws(HostError) -> RecordBatch {
        try RecordBatch(
            .grants,
            [
                ("object", .text(["this"])), ("principal_kind", .text(["user"])),
                ("principal", .text(["ada"])),
                ("level", .text(["read"])), ("inherited", .bool([false])),
            ])
    }
}
