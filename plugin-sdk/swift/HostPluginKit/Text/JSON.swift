// SPDX-License-Identifier: Apache-2.0

/// A JSON value as a server answered it.
///
/// Absent members read as nil all the way down: `answer["run"]?["info"]?["run_id"]?.text`.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent that fits.
    case int(Int64)
    case double(Double)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    public var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// Also of a text of digits: protobuf's JSON writes int64 as text.
    public var int: Int64? {
        switch self {
        case .int(let number): number
        case .double(let number): Int64(exactly: number)
        case .text(let text): Int64(text)
        default: nil
        }
    }

    /// Also of the texts `NaN`, `Infinity` and `-Infinity`.
    public var double: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        case .text("NaN"): .nan
        case .text("Infinity"): .infinity
        case .text("-Infinity"): -.infinity
        default: nil
        }
    }

    public var bool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// Empty for anything that is not an array.
    public var items: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    /// Empty for anything that is not an object.
    public var members: [String: JSON] {
        guard case .object(let members) = self else { return [:] }
        return members
    }
}
