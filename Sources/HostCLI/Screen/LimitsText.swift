// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What a target can hold, in words.
package enum LimitsText {
    package static func lines(_ limits: Limits) -> [String] {
        let taken = Table.records.filter(limits.tables.contains).map(\.label)
        let refused = Table.records.filter { !limits.tables.contains($0) }.map(\.label)
        var lines = ["What the target can hold"]
        lines.append("  Units: \(limits.kinds.joined(separator: ", "))")
        lines.append(
            "  Records: \(taken.joined(separator: ", "))"
                + (refused.isEmpty ? "" : "; not \(refused.joined(separator: ", "))"))
        lines.append("  Can: " + abilities(limits.abilities, has: true))
        let not = abilities(limits.abilities, has: false)
        if !not.isEmpty { lines.append("  Cannot: " + not) }
        for scope in NameScope.allCases {
            lines.append("  Names of \(plural(scope)): \(rule(limits.name(scope)))")
        }
        let text =
            limits.maxText > 0 ? "at most \(NumberText.grouped(limits.maxText)) characters" : "of any length"
        return lines + ["  Text of a field: \(text)"]
    }

    /// The words of `abilities`, also those that programs get.
    static let words: [(Abilities, code: String, text: String)] = [
        (.fractionalSteps, "fractional-steps", "fractions in steps"),
        (.noStep, "no-step", "points without a step"),
        (.nan, "nan", "NaN"), (.infinity, "infinity", "infinities"),
        (.negativeZero, "negative-zero", "the sign of -0.0"),
        (.setTimes, "set-times", "times of the source"), (.noTime, "no-time", "points without a time"),
        (.timesBefore1970, "times-before-1970", "times before 1970"),
        (.microseconds, "microseconds", "microseconds"),
        (.types, "types", "types of fields"), (.nesting, "nesting", "runs below runs"),
        (.forks, "forks", "forks"),
        (.nul, "nul", "the character NUL"),
        (.duplicatePoints, "duplicate-points", "several points of one step and time"),
    ]

    private static func abilities(_ abilities: Abilities, has: Bool) -> String {
        words.filter { abilities.contains($0.0) == has }.map(\.text).joined(separator: ", ")
    }

    private static func plural(_ scope: NameScope) -> String {
        switch scope {
        case .parameter: "parameters"
        case .tag: "tags"
        case .metric: "metrics and series"
        case .file: "files"
        }
    }

    private static func rule(_ rule: NameLimit) -> String {
        var parts = [characters(rule.characters, rule.extra)]
        if !rule.first.isEmpty { parts.append("first \(characters(rule.first, ""))") }
        if rule.maxLength > 0 {
            parts.append(
                "at most \(NumberText.grouped(rule.maxLength)) \(rule.countsBytes ? "bytes" : "characters")")
        }
        if rule.isNormalPath { parts.append("no part empty, '.' or '..'") }
        if !rule.characters.contains(.any) { parts.append("others become '\(rule.replacement)'") }
        return parts.joined(separator: "; ")
    }

    private static func characters(_ characters: NameLimit.Characters, _ extra: String) -> String {
        if characters.contains(.any) { return "all characters but control characters" }
        let classes: [(NameLimit.Characters, String)] = [
            (.word, "letters and digits of all scripts, '_'"), (.asciiLetter, "ASCII letters"),
            (.asciiDigit, "ASCII digits"),
        ]
        var parts = classes.filter { characters.contains($0.0) }.map(\.1)
        if !extra.isEmpty { parts.append(shown(extra)) }
        return parts.joined(separator: ", ")
    }

    /// Characters one by one; a space would not be seen.
    private static func shown(_ extra: String) -> String {
        extra.unicodeScalars.map { scalar in
            switch scalar {
            case " ": "space"
            case "\t": "tab"
            case "\n", "\r": "line end"
            default: "'\(scalar)'"
            }
        }.joined(separator: " ")
    }
}
