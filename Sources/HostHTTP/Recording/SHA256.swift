// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// SHA-256 by OpenSSL, fed piece by piece.
///
/// Thread rule: one thread.
package final class SHA256 {
    private let context: OpaquePointer?
    private var isGood: Bool

    package init() {
        context = EVP_MD_CTX_new()
        isGood = context != nil && EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    }

    deinit { EVP_MD_CTX_free(context) }

    package func update(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        isGood = isGood && EVP_DigestUpdate(context, bytes, bytes.count) == 1
    }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        isGood = isGood && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
    }

    /// The 32 bytes of the digest, once.
    package func digest() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        // OpenSSL has SHA-256 in every configuration, also in FIPS mode; without it no digest may be made up.
        precondition(isGood && EVP_DigestFinal_ex(context, &digest, nil) == 1, "OpenSSL has no SHA-256")
        return digest
    }

    /// The digest as 64 lower-case hexadecimal digits, once.
    package func finish() -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
