// SPDX-License-Identifier: Apache-2.0

internal import HostHTTP

package enum Digest {
    /// SHA-256 of the texts, each with its length before it so that joints can't move: 64 lower-case hexadecimal
    /// digits.
    package static func sha256(_ texts: [String]) -> String {
        let hash = SHA256()
        for text in texts {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update($0) }
            hash.update(text.utf8)
        }
        return hash.finish()
    }
}
