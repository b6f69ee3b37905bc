// SPDX-License-Identifier: Apache-2.0

/// Numbers that a seed brings back (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// A stream of its own for each purpose, so that one more number here changes nothing there.
    package init(seed: UInt64, purpose: String) {
        self.init(
            seed: purpose.utf8.reduce(seed ^ 0x5851_F42D_4C95_7F2D) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        )
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
