// SPDX-License-Identifier: Apache-2.0

/// FNV-1a of 64 bits over UTF-8: the same on every machine and in every run, for short marks in names and for telling
/// texts apart. It keeps out accidents, not attackers.
///
/// Its marks stand in targets, so it never changes: offset 14695981039346656037, prime 1099511628211.
public enum StableHash {
    public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    @inlinable
    public static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return hash
    }

    /// The two halves folded by exclusive or: what a mark of eight digits shows.
    public static func folded(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let hash = of(bytes)
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    /// Eight hexadecimal digits.
    public static func mark(_ text: String) -> String {
        let digits = String(folded(text.utf8), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
