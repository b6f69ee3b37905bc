// SPDX-License-Identifier: Apache-2.0

/// Base64 with padding (RFC 4648, section 4), as basic authentication and page tokens want it.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    public static func encode(_ text: String) -> String { encode(Array(text.utf8)) }

    public static func encode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.enumerated().reduce(UInt32(0)) {
                $0 | UInt32($1.element) << UInt32(16 - 8 * $1.offset)
            }
            for position in 0..<4 {
                let isPadding = position > group.count
                let index = Int(bits >> UInt32(18 - 6 * position) & 63)
                result.append(isPadding ? UInt8(ascii: "=") : alphabet[index])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
