// SPDX-License-Identifier: Apache-2.0

/// What happened to records that cannot arrive as they were; `HOST_LOSS_…` of `api.h`.
public enum LossKind: Int32, Sendable, Codable, CaseIterable {
    /// Nothing of the record is gone: kept in another place or form.
    case noted = 0
    case renamed = 1
    case rounded = 2
    case truncated = 3
    case retyped = 4
    case redated = 5
    /// Rows that the target counts as one: not written again.
    case merged = 6
    /// Rows that are not in the target.
    case dropped = 7

    public var label: String {
        switch self {
        case .noted: "noted"
        case .renamed: "renamed"
        case .rounded: "rounded"
        case .truncated: "truncated"
        case .retyped: "retyped"
        case .redated: "redated"
        case .merged: "merged"
        case .dropped: "dropped"
        }
    }

    /// nil when there is no such word.
    public init?(label: String) {
        guard let kind = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = kind
    }

    /// Whether the rows count as read and not written.
    public var removesRows: Bool { self == .merged || self == .dropped }
}

/// One loss as it is told: a class of change, how many rows, an example.
public struct LossReport: Sendable {
    public var kind: LossKind
    public var table: Table
    /// Stable, for machines: `step.rounded`.
    public var code: String
    public var rows: Int64
    public var path: String
    public var note: String

    /// More than any unit has: a plugin that tells more, or less than none, is not believed.
    public static let maxRows: Int64 = 1 << 40

    public init(_ kind: LossKind, _ table: Table, _ code: String, rows: Int64 = 1, path: String = "", note: String) {
        self.kind = kind
        self.table = table
        self.code = code
        self.rows = min(max(rows, 0), Self.maxRows)
        self.path = path
        self.note = note
    }
}
