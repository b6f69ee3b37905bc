// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// SHA-256 by OpenSSL.
package enum Digest {
    /// 64 lower-case hexadecimal digits of the texts, each with its length before it so that joints can't move.
    package static func sha256(_ texts: [String]) -> String {
        var message: [UInt8] = []
        for text in texts {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { message.append(contentsOf: $0) }
            message.append(contentsOf: text.utf8)
        }
        var digest = [UInt8](repeating: 0, count: 32)
        var size: UInt32 = 32
        let isGood = EVP_Digest(message, message.count, &digest, &size, EVP_sha256(), nil)
        precondition(isGood == 1, "OpenSSL has no SHA-256")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
