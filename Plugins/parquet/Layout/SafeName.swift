// SPDX-License-Identifier: Apache-2.0

internal import CBlake2

/// Names of folders and files in an archive, as Neptune Exporter makes them.
enum SafeName {
    /// The text with `_` for what is not alphanumeric, `_` or `-`, then `-` and the digest of the text.
    static func name(_ text: String) -> String { sanitized(text) + "-" + digest(text) }

    /// One `_` for each scalar that Python's `str.isalnum` does not take and that is not `_` or `-`.
    static func sanitized(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isKept($0) ? $0 : "_" }))
    }

    /// A part of a payload's path: sanitized, and cut with a digest when longer than 255 characters.
    static func pathPart(_ text: String) -> String {
        let part = sanitized(text)
        guard part.unicodeScalars.count > 255 else { return part }
        return String(String.UnicodeScalarView(part.unicodeScalars.prefix(238))) + "_" + digest(part)
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" || scalar == "-" || scalar.properties.numericType != nil { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// BLAKE2b with a digest length of 8 bytes as its parameter: 16 hexadecimal digits.
    static func digest(_ text: String) -> String { digest(Array(text.utf8)) }

    static func digest(_ bytes: [UInt8]) -> String {
        var out = [UInt8](repeating: 0, count: 8)
        blake2b(&out, bytes, nil, out.count, bytes.count, 0)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: out.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
