// SPDX-License-Identifier: Apache-2.0

/// Knows the secrets of this process and takes them out of every text that leaves it. Any thread may use it.
package final class Redactor: Sendable {
    /// Shorter ones would blot out ordinary words.
    package static let shortestSecret = 6
    package static let mask = "***"

    /// Spellings to look for, longest first, so that no tail of a longer one stays.
    private let spellings = Monitor<[[UInt8]]>([])

    package init() {}

    package func protect(_ secret: String) {
        let bytes = Array(secret.utf8)
        guard bytes.count >= Self.shortestSecret else { return }
        let new = SecretSpellings.of(bytes)
        spellings.withLock { known in
            known.append(contentsOf: new.filter { !known.contains($0) })
            known.sort { $0.count > $1.count }
        }
    }

    package func clean(_ text: String) -> String {
        let spellings = spellings.withLock { $0 }
        if spellings.isEmpty { return text }
        let bytes = Array(text.utf8)
        let cleaned = Self.clean(bytes, spellings)
        return cleaned.count == bytes.count && cleaned == bytes
            ? text : String(decoding: cleaned, as: UTF8.self)
    }

    package func clean(_ bytes: [UInt8]) -> [UInt8] {
        Self.clean(bytes, spellings.withLock { $0 })
    }

    private static func clean(_ bytes: [UInt8], _ spellings: [[UInt8]]) -> [UInt8] {
        var bytes = bytes
        for spelling in spellings where spelling.count <= bytes.count {
            bytes = ByteSearch.replacing(spelling, by: Array(mask.utf8), in: bytes)
        }
        return bytes
    }
}
