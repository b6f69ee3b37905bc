// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Which names a target takes, ready to be asked for many names.
///
/// Lengths and positions count Unicode scalars (code points), as servers do, never Swift's grapheme clusters.
package struct NameRule: Sendable {
    /// Room for a suffix of eight digits, its separator and something of the name, in bytes or characters.
    package static let shortestMaxLength = 16

    package let limit: NameLimit
    private let extra: Set<Unicode.Scalar>
    /// Stands for what is not allowed; itself allowed, and harmless in a path.
    let filler: Unicode.Scalar
    /// The same at the head of a name.
    let firstFiller: Unicode.Scalar
    let separator: Unicode.Scalar
    /// Sixteen digits for the suffix.
    let digits: [Unicode.Scalar]

    /// - Throws: `.unsupported` when the rule leaves no room to give a name an allowed and unique form.
    package init(_ limit: NameLimit) throws(HostError) {
        self.limit = limit
        let extra = Set(limit.extra.unicodeScalars)
        self.extra = extra
        let candidates = [limit.replacement, "_", "-", "x", "0"] + extra.sorted()
        let allowed = candidates.filter {
            Self.allows($0, limit.characters, extra) && !(limit.isNormalPath && ($0 == "." || $0 == "/"))
        }
        let first = allowed.first { limit.first.isEmpty || Self.allows($0, limit.first, extra) }
        let alphabets: [[Unicode.Scalar]] = [
            Array("0123456789abcdef".unicodeScalars), Array("abcdefghijklmnop".unicodeScalars),
        ]
        let digits = alphabets.first { $0.allSatisfy { Self.allows($0, limit.characters, extra) } }
        guard let filler = allowed.first, let first, let digits else {
            throw HostError(
                .unsupported, "the target's rule for names leaves no character to replace others with.")
        }
        guard limit.maxLength == 0 || limit.maxLength >= Self.shortestMaxLength else {
            throw HostError(
                .unsupported,
                "the target's names have at most \(limit.maxLength) characters; unique ones need"
                    + " \(Self.shortestMaxLength).")
        }
        self.filler = filler
        firstFiller = first
        separator = allowed.contains("_") ? "_" : filler
        self.digits = digits
    }

    package func isValid(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        guard let first = scalars.first, allowsFirst(first), fits(name) else { return false }
        return scalars.allSatisfy(allows) && (!limit.isNormalPath || Self.isNormalPath(scalars))
    }

    func allows(_ scalar: Unicode.Scalar) -> Bool {
        Self.allows(scalar, limit.characters, extra)
    }

    func allowsFirst(_ scalar: Unicode.Scalar) -> Bool {
        limit.first.isEmpty ? allows(scalar) : Self.allows(scalar, limit.first, extra)
    }

    /// Length of one scalar in the unit that the limit counts.
    func length(_ scalar: Unicode.Scalar) -> Int {
        limit.countsBytes ? UTF8.width(scalar) : 1
    }

    func fits(_ name: String) -> Bool {
        if limit.maxLength == 0 { return true }
        return (limit.countsBytes ? name.utf8.count : name.unicodeScalars.count) <= limit.maxLength
    }

    /// Whether the name is what `posixpath.normpath` makes of it and stays below where it is put. MLflow
    /// takes every name that begins with two dots for one that leaves, `..a` too.
    private static func isNormalPath(_ name: String.UnicodeScalarView) -> Bool {
        if name.starts(with: "..".unicodeScalars) { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".unicodeScalars)
                && !part.elementsEqual("..".unicodeScalars)
        }
    }

    private static func allows(
        _ scalar: Unicode.Scalar, _ classes: NameLimit.Characters, _ extra: Set<Unicode.Scalar>
    ) -> Bool {
        if extra.contains(scalar) { return true }
        switch scalar {
        case "a"..."z", "A"..."Z":
            return !classes.isDisjoint(with: [.asciiLetter, .word, .any])
        case "0"..."9":
            return !classes.isDisjoint(with: [.asciiDigit, .word, .any])
        default:
            if classes.contains(.any) && scalar.properties.generalCategory != .control { return true }
            return classes.contains(.word) && scalar.isWord
        }
    }
}

extension Unicode.Scalar {
    /// Letters, numerics of all scripts, and `_`: `\w` of Python's `re`, by which MLflow checks names.
    ///
    /// Python 3.10, the oldest that MLflow 3 runs on, knows the characters of Unicode 13. A later one would
    /// be refused there, so it counts as none.
    fileprivate var isWord: Bool {
        if self == "_" { return true }
        guard let age = properties.age, age.major <= 13 else { return false }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return properties.numericType != nil
        }
    }
}
