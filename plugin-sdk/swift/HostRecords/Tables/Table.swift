// SPDX-License-Identifier: Apache-2.0

/// The record tables of `tables.h`, revision 1 of each.
public enum Table: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    case units = "units/1"
    case paths = "paths/1"
    case fields = "fields/1"
    case points = "points/1"
    case series = "series/1"
    case histograms = "histograms/1"
    case files = "files/1"
    case links = "links/1"
    case grants = "grants/1"
    case losses = "losses/1"

    /// The tables that hold a unit's records, in the order of reports.
    public static let records: [Table] = [.fields, .points, .series, .histograms, .files, .links, .grants]

    /// The name without its revision, as people read it.
    public var label: String {
        String(rawValue.prefix { $0 != "/" })
    }
}

/// What a column may hold.
public enum ColumnKind: Sendable {
    case text
    case bool
    case int32
    case int64
    case float64
    case time
    case textList
    case floatList
}

/// One column of a table.
public struct ColumnRule: Sendable {
    public let name: String
    public let kind: ColumnKind
    /// The column must be there and hold no null.
    public let isRequired: Bool

    init(_ name: String, _ kind: ColumnKind, required: Bool = false) {
        self.name = name
        self.kind = kind
        isRequired = required
    }
}

extension Table {
    /// The columns of the table; a position in this array is how code names a column.
    public var columns: [ColumnRule] { Self.rules[self] ?? [] }

    private static let step: [ColumnRule] = [
        ColumnRule("step", .int64), ColumnRule("millionths", .int32), ColumnRule("time", .time),
    ]

    private static func text(_ names: String...) -> [ColumnRule] { names.map { ColumnRule($0, .text) } }

    private static func required(_ names: String...) -> [ColumnRule] {
        names.map { ColumnRule($0, .text, required: true) }
    }

    private static let rules: [Table: [ColumnRule]] = [
        .units: required("kind", "project", "id")
            + text("name", "group", "state", "owner", "parent", "fork_parent", "revision")
            + [
                ColumnRule("fork_step", .int64), ColumnRule("fork_millionths", .int32),
                ColumnRule("created", .time), ColumnRule("started", .time), ColumnRule("ended", .time),
                ColumnRule("archived", .bool), ColumnRule("rows", .int64),
            ],
        .paths: required("path", "table", "role") + [ColumnRule("rows", .int64)],
        .fields: required("path", "role", "type")
            + [
                ColumnRule("int", .int64), ColumnRule("float", .float64), ColumnRule("text", .text),
                ColumnRule("bool", .bool), ColumnRule("time", .time), ColumnRule("set", .textList),
            ],
        .points: required("path") + step + [ColumnRule("value", .float64, required: true)],
        .series: required("path") + step + required("text"),
        .histograms: required("path") + step + required("kind")
            + [
                ColumnRule("edges", .floatList, required: true), ColumnRule("values", .floatList, required: true),
            ],
        .files: required("path", "role", "name") + step
            + [
                ColumnRule("size", .int64), ColumnRule("sha256", .text), ColumnRule("media_type", .text),
                ColumnRule("blob", .text, required: true),
            ],
        .links: required("relation", "kind", "project", "id") + text("note"),
        .grants: required("object", "principal_kind", "principal", "level") + [ColumnRule("inherited", .bool)],
        .losses: required("table", "path", "code") + [ColumnRule("rows", .int64)] + text("note", "kind"),
    ]
}
