// SPDX-License-Identifier: Apache-2.0

/// Collects one column, row by row. `isNull[row]` decides; values of null rows are placeholders.
public enum ColumnData: Sendable {
    case text([String?])
    /// Distinct texts and for each row a position, -1 for null.
    case encodedText(EncodedText)
    case bool([Bool?])
    case int32([Int32?])
    case int64([Int64?])
    case float64([Double?])
    /// Values without a null: the fast way for points.
    case denseInt64([Int64])
    case denseFloat64([Double])
    /// Microseconds since 1970 UTC.
    case time([Int64?])
    case textList([[String]?])
    case floatList([[Double]?])

    var count: Int {
        switch self {
        case .text(let values): values.count
        case .encodedText(let values): values.codes.count
        case .bool(let values): values.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .float64(let values): values.count
        case .denseInt64(let values): values.count
        case .denseFloat64(let values): values.count
        case .time(let values): values.count
        case .textList(let values): values.count
        case .floatList(let values): values.count
        }
    }

    /// The Arrow format of the column and, for lists, of its items.
    var format: (own: String, item: String?) {
        switch self {
        case .text: ("U", nil)
        case .encodedText: ("i", nil)
        case .bool: ("b", nil)
        case .int32: ("i", nil)
        case .int64, .denseInt64: ("l", nil)
        case .float64, .denseFloat64: ("g", nil)
        case .time: ("tsu:UTC", nil)
        case .textList: ("+l", "u")
        case .floatList: ("+l", "g")
        }
    }
}
