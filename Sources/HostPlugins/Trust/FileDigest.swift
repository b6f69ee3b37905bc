// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
package import HostRecords

package enum FileDigest {
    private static let piece = 1 << 20

    /// SHA-256 of a file's bytes: 64 lower-case hexadecimal digits.
    package static func sha256(of path: String) throws(HostError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw FileFacts.failure("can't be read", errno, path)
        }
        let hash = SHA256()
        do {
            while let bytes = try file.read(upToCount: piece), !bytes.isEmpty {
                bytes.withUnsafeBytes { hash.update($0) }
            }
        } catch {
            throw HostError(.io, "The file can't be read: \(error).", subject: path, retry: .stop)
        }
        return hash.finish()
    }

    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
