// SPDX-License-Identifier: Apache-2.0

import Glibc

enum ByteSearch {
    /// Replaces each `needle`, from the left and without overlap. An empty needle is nowhere.
    static func replacing(_ needle: [UInt8], by new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard var hit = firstIndex(of: needle, in: bytes, from: 0) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var copied = 0
        while true {
            result += bytes[copied..<hit]
            result += new
            copied = hit + needle.count
            guard let next = firstIndex(of: needle, in: bytes, from: copied) else { break }
            hit = next
        }
        result += bytes[copied...]
        return result
    }

    static func firstIndex(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard !needle.isEmpty, bytes.count - start >= needle.count else { return nil }
        return bytes.withUnsafeBytes { haystack in
            needle.withUnsafeBytes { needle in
                guard let base = haystack.baseAddress, let wanted = needle.baseAddress else { return nil }
                // Behind the last place where the needle still fits.
                let end = haystack.count - needle.count + 1
                var from = start
                while from < end, let hit = memchr(base + from, Int32(needle[0]), end - from) {
                    if memcmp(hit, wanted, needle.count) == 0 { return UnsafeRawPointer(hit) - base }
                    from = UnsafeRawPointer(hit) - base + 1
                }
                return nil
            }
        }
    }
}
