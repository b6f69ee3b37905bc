// SPDX-License-Identifier: Apache-2.0

/// FNV-1a of 128 bits: ids that are the same in every load and that no two records share by accident. Its
/// results stand in targets, so it never changes.
enum WideHash {
    // Offset basis 0x6c62272e07bb014262b821756295c58d, prime 2^88 + 0x13b (draft-eastlake-fnv).
    private static let basis =
        UInt128(0x6c62_272e_07bb_0142) << 64 | UInt128(0x62b8_2175_6295_c58d)
    private static let prime = UInt128(1) << 88 | 0x13b

    /// 32 hexadecimal digits of parts that cannot run into each other.
    static func hex(_ parts: [String]) -> String {
        var hash = basis
        for part in parts {
            for byte in part.utf8 { hash = (hash ^ UInt128(byte)) &* prime }
            // No UTF-8 text holds this byte.
            hash = (hash ^ 0xFF) &* prime
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
