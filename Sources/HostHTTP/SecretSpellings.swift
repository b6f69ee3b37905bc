// SPDX-License-Identifier: Apache-2.0

/// The forms in which a secret may turn up in a text: as it is, percent-encoded, in JSON, in base64.
enum SecretSpellings {
    static func of(_ secret: [UInt8]) -> [[UInt8]] {
        var spellings = [
            secret, percentEncoded(secret, "0123456789ABCDEF"), percentEncoded(secret, "0123456789abcdef"),
            jsonEscaped(secret),
        ]
        for alphabet in ["+/", "-_"] {
            spellings.append(Base64.encode(secret, lastTwo: alphabet))
            // Inside a longer text, as in Basic authentication's `user:secret`, the same bytes encode in
            // three ways, by their place in the groups of three.
            spellings += (0..<3).map { inside(secret, shift: $0, lastTwo: alphabet) }
        }
        var seen: Set<[UInt8]> = []
        return spellings.filter { $0.count >= Redactor.shortestSecret && seen.insert($0).inserted }
    }

    private static func percentEncoded(_ bytes: [UInt8], _ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    private static func jsonEscaped(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }

    /// The base64 digits that the secret alone decides when `shift` unknown bytes stand before it in its
    /// group.
    private static func inside(_ secret: [UInt8], shift: Int, lastTwo: String) -> [UInt8] {
        let padded = [UInt8](repeating: 0, count: shift) + secret
        let firstDigit = (shift * 8 + 5) / 6
        let wholeDigits = padded.count * 8 / 6
        return Array(Base64.encode(padded, lastTwo: lastTwo)[firstDigit..<wholeDigits])
    }
}
