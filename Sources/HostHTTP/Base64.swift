// SPDX-License-Identifier: Apache-2.0

/// Base64 of RFC 4648 without padding, with the two digits in which its alphabets differ given.
enum Base64 {
    static func encode(_ bytes: [UInt8], lastTwo: String) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(lastTwo)".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count * 4 + 2) / 3)
        var held: UInt32 = 0
        var heldBits = 0
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            heldBits += 8
            while heldBits >= 6 {
                heldBits -= 6
                encoded.append(digits[Int(held >> UInt32(heldBits) & 63)])
            }
        }
        if heldBits > 0 { encoded.append(digits[Int(held << UInt32(6 - heldBits) & 63)]) }
        return encoded
    }
}
