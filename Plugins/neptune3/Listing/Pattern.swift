// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A regular expression of the user that is searched in names.
struct Pattern {
    private let expression: Regex<AnyRegexOutput>

    init(_ text: String, option: String) throws(HostError) {
        do {
            expression = try Regex(text).matchingSemantics(.unicodeScalar)
        } catch {
            throw HostError(
                .invalidOption, "This is not a regular expression.", subject: "\(option) \(text.shown)",
                remedy: "Escape special characters with a backslash.")
        }
    }

    func isFound(in text: String) -> Bool { (try? expression.firstMatch(in: text)) != nil }
}

/// Neptune's way to join patterns: alternatives by ` | `, parts of each by ` & `, `!` in front for "not".
///
/// Blanks around the sign belong to it, so a pattern may hold `|` and `&`; `\x20` and `\x21` are a blank and
/// an exclamation mark of the pattern itself, which the server's expressions know as well.
struct JoinedPattern {
    struct Part {
        let pattern: String
        let isNegated: Bool
    }
    let alternatives: [[Part]]

    init(_ text: String) {
        alternatives = Self.split(text, at: "|").map { alternative in
            Self.split(alternative, at: "&").map { part in
                let trimmed = Self.trimmed(part)
                guard trimmed.first == "!" else { return Part(pattern: trimmed, isNegated: false) }
                return Part(pattern: Self.trimmed(String(trimmed.dropFirst())), isNegated: true)
            }
        }
    }

    private static func split(_ text: String, at sign: Character) -> [String] {
        var parts: [String] = []
        var part: [Character] = []
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            let isBetween =
                index > 0 && index + 1 < characters.count && characters[index - 1].isWhitespace
                && characters[index + 1].isWhitespace
            if character == sign, isBetween {
                parts.append(String(part))
                part = []
            } else {
                part.append(character)
            }
        }
        return parts + [String(part)]
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
