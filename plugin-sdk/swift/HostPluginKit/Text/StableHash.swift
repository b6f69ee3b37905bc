// SPDX-License-Identifier: Apache-2.0

/// FNV-1a, 64 bits: the same on every machine and in every run, for short marks in names and for telling
/// texts apart. It keeps out accidents, not attackers.
public enum StableHash {
    public static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    /// Eight hexadecimal digits.
    public static func mark(_ text: String) -> String {
        let hash = of(text)
        let digits = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
