// SPDX-License-Identifier: Apache-2.0

/// The hash in the suffix of changed names: FNV-1a of 64 bits over UTF-8, its halves folded by exclusive or.
///
/// It is part of what stands in targets, so it never changes: offset 14695981039346656037, prime
/// 1099511628211.
package enum StableHash {
    package static func fnv1a64(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// The 32 bits that a suffix of eight digits shows.
    package static func folded(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let hash = fnv1a64(bytes)
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
