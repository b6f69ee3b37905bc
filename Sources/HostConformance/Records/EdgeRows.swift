// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Rows that loaders get wrong: the corners of `tables.h`.
package enum EdgeRows {
    /// Names of one scope that a careless target makes one of, or takes for paths.
    static let names: [String] = [
        "Case", "case", "caf\u{E9}", "cafe\u{301}", "имя/параметр", "\u{1F680}/launch", "a b", "a.b", "a:b",
        "a%2Fb",
        "../outside", "/absolute", "double//slash", "trailing/", ".", "..", "con", "tab\there", "quote\"'`",
        String(repeating: "x", count: 900) + "1", String(repeating: "x", count: 900) + "2",
    ]

    package static func fields() throws(HostError) -> RecordBatch {
        typealias Field = FixtureRows.Field
        let named = names.map { Field($0, "parameter", .text("value of \($0.prefix(20))")) }
        return try FixtureRows.batch(
            named + [
                Field("int/most", "parameter", .int(.max)), Field("int/least", "parameter", .int(.min)),
                Field("int/2^53+1", "parameter", .int(9_007_199_254_740_993)),
                Field("float/nan", "parameter", .float(.nan)),
                Field("float/inf", "parameter", .float(.infinity)),
                Field("float/zero", "parameter", .float(-0.0)),
                Field("float/tiny", "parameter", .float(.leastNonzeroMagnitude)),
                Field("float/third", "parameter", .float(1.0 / 3.0)),
                Field("text/empty", "parameter", .text("")),
                Field("text/nul", "parameter", .text("a\u{0}b")),
                Field("text/lines", "parameter", .text("a\r\n\tb ")),
                Field("text/wide", "parameter", .text("\u{1F469}\u{200D}\u{1F52C} \u{202E}rtl")),
                Field("text/big", "tag", .text(String(repeating: "0123456789", count: 10_000))),
                Field("set/empty", "tag", .set([])),
                Field("set/odd", "tag", .set(["", "a,b", "a", "\u{1F680}"])),
                Field("time/early", "tag", .time(microseconds: -1_000_001)),
                Field("time/fine", "tag", .time(microseconds: 1_700_000_000_000_001)),
                Field("bool/false", "tag", .bool(false)),
            ])
    }

    /// Columns that must be there, and no row.
    package static func noPoints() throws(HostError) -> RecordBatch {
        try RecordBatch(.points, [("path", .text([])), ("value", .denseFloat64([]))])
    }

    package static func points() throws(HostError) -> RecordBatch {
        let start = FixtureRows.start
        // path, step, millionths, time, value
        let rows: [(String, Int64?, Int32?, Int64?, Double)] = [
            ("edge", -5, nil, start, 1), ("edge", -1, 750_000, start, 2), ("edge", 0, nil, start, -0.0),
            ("edge", 2, 500_000, start, .nan), ("edge", 3, nil, start, .infinity),
            ("edge", 4, nil, start, -.infinity),
            ("edge", 5, nil, start, .leastNonzeroMagnitude),
            ("edge", 6, nil, start, .greatestFiniteMagnitude),
            ("edge", 7, nil, start + 1, 0.1), ("edge", 8, nil, -1, 0.2), ("edge", 9, nil, nil, 0.3),
            ("edge", 9_007_199_254_740_993, nil, start, 4), ("edge", nil, nil, start, 5),
            ("twice", 1, nil, start, 7), ("twice", 1, nil, start, 7), ("twice", 1, nil, start, 8),
            ("twice", 1, nil, start + 1_000, 7), ("Twice", 1, nil, start, 7),
        ]
        return try RecordBatch(
            .points,
            [
                ("path", .text(rows.map(\.0))), ("step", .int64(rows.map(\.1))),
                ("millionths", .int32(rows.map(\.2))),
                ("time", .time(rows.map(\.3))), ("value", .denseFloat64(rows.map(\.4))),
            ])
    }

    package static func series() throws(HostError) -> RecordBatch {
        try RecordBatch(
            .series,
            [
                ("path", .text(["log", "log", "log"])), ("step", .int64([nil, 1, 1])),
                ("millionths", .int32([nil, 250_000, 250_000])),
                ("time", .time([nil, FixtureRows.start, FixtureRows.start])),
                ("text", .text(["", "\u{1F680} a\u{0}b", String(repeating: "long ", count: 5_000)])),
            ])
    }

    /// Names that must not lead outside of the target.
    package static func files() throws(HostError) -> RecordBatch {
        try RecordBatch(
            .files,
            [
                ("path", .text(["../../up", "/rooted", "имя файла", "sub/deep/file"])),
                ("role", .text(["file", "file", "file", "file"])),
                ("name", .text(["../../../up.bin", "/rooted.bin", "имя файла.txt", "file"])),
                ("blob", .text(["up/100", "rooted/101", "cyrillic/102", "deep/103"])),
            ])
    }
}
