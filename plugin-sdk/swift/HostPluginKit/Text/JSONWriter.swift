// SPDX-License-Identifier: Apache-2.0

/// Writes JSON text as bytes, without a tree in between.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.field("step", 3)
///     json.endObject()          // {"step":3}
///
/// Commas are put by the writer; that every begin has its end is the caller's part.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    public mutating func beginObject() { begin(UInt8(ascii: "{")) }
    public mutating func endObject() { end(UInt8(ascii: "}")) }
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    public mutating func key(_ name: String) {
        separate()
        bytes.appendJSON(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ text: String) { put { $0.appendJSON(text) } }
    public mutating func value(_ number: Int64) { put { $0.appendDecimal(number) } }
    /// NaN and infinities become the texts `NaN`, `Infinity`, `-Infinity`, as protobuf's JSON has them.
    public mutating func value(_ number: Double) { put { $0.appendJSON(number) } }
    public mutating func value(_ flag: Bool) { put { $0.append(contentsOf: (flag ? "true" : "false").utf8) } }
    public mutating func null() { put { $0.append(contentsOf: "null".utf8) } }

    public mutating func field(_ name: String, _ text: String) {
        key(name)
        value(text)
    }
    /// So that a literal without a point is a whole number.
    public mutating func field(_ name: String, _ number: Int) {
        key(name)
        value(Int64(number))
    }
    public mutating func field(_ name: String, _ number: Int64) {
        key(name)
        value(number)
    }
    public mutating func field(_ name: String, _ number: Double) {
        key(name)
        value(number)
    }
    public mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    /// Bytes that are one or more finished values, separated by commas.
    public mutating func finished(_ values: [UInt8]) {
        guard !values.isEmpty else { return }
        put { $0.append(contentsOf: values) }
    }

    private mutating func put(_ write: (inout [UInt8]) -> Void) {
        separate()
        write(&bytes)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}

extension [UInt8] {
    /// The text in quotes. Only what JSON forbids is escaped; all else stays UTF-8.
    public mutating func appendJSON(_ text: String) {
        append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { units in
            var start = 0
            for index in units.indices {
                let unit = units[index]
                guard unit < 0x20 || unit == UInt8(ascii: "\"") || unit == UInt8(ascii: "\\") else {
                    continue
                }
                append(contentsOf: units[start..<index])
                appendEscape(unit)
                start = index + 1
            }
            append(contentsOf: units[start...])
        }
        append(UInt8(ascii: "\""))
    }

    /// The shortest number that reads back as the same double; NaN and infinities as texts.
    public mutating func appendJSON(_ number: Double) {
        guard number.isFinite else {
            append(
                contentsOf: (number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\"").utf8)
            return
        }
        append(contentsOf: number.description.utf8)
    }

    public mutating func appendDecimal(_ number: Int64) {
        var magnitude = number.magnitude
        if number < 0 { append(UInt8(ascii: "-")) }
        let start = count
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10))
            magnitude /= 10
        } while magnitude > 0
        self[start...].reverse()
    }

    private mutating func appendEscape(_ unit: UInt8) {
        append(UInt8(ascii: "\\"))
        switch unit {
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(unit)
        default:
            append(contentsOf: "u00".utf8)
            for digit in [unit >> 4, unit & 15] {
                append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
