// SPDX-License-Identifier: Apache-2.0

/// One JSON object in one line, its keys in the order given.
package struct JSONLine: Sendable {
    package indirect enum Value: Sendable {
        case text(String)
        case integer(Int64)
        case number(Double)
        /// Digits that stand as they are, for numbers that a double would round.
        case decimal(String)
        case flag(Bool)
        case object(JSONLine)
        case list([Value])
        case null
    }

    private var members: [(key: String, value: Value)]

    package init(_ members: [(key: String, value: Value)] = []) {
        self.members = members
    }

    package mutating func add(_ key: String, _ value: Value) {
        members.append((key, value))
    }

    package mutating func add(_ line: JSONLine) {
        members += line.members
    }

    package var text: String {
        "{" + members.map { "\(Self.quoted($0.key)):\(Self.text($0.value))" }.joined(separator: ",") + "}"
    }

    /// One JSON array in one line.
    package static func array(_ lines: [JSONLine]) -> String {
        text(.list(lines.map { .object($0) }))
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .integer(let number): String(number)
        // JSON has no NaN and no infinities.
        case .number(let number): number.isFinite ? String(number) : "null"
        case .decimal(let digits): digits
        case .flag(let flag): flag ? "true" : "false"
        case .object(let line): line.text
        case .list(let values): "[" + values.map(text).joined(separator: ",") + "]"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // U+2028 and U+2029 end a line for some readers of lines.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
