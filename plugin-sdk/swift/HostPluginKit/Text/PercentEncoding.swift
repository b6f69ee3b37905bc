// SPDX-License-Identifier: Apache-2.0

/// Percent-encoding by RFC 3986: all but its unreserved characters is encoded, which no server takes amiss.
public enum PercentEncoding {
    /// One segment of a path: a slash inside is encoded.
    public static func segment(_ text: String) -> String { encode(text, keepingSlash: false) }

    /// A path: slashes stay.
    public static func path(_ text: String) -> String { encode(text, keepingSlash: true) }

    /// `name=value&…`, in the order given; a name may come more than once.
    public static func query(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(segment($0.name))=\(segment($0.value))" }.joined(separator: "&")
    }

    private static func encode(_ text: String, keepingSlash: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) || keepingSlash && byte == UInt8(ascii: "/") {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(digit(byte >> 4))
                result.append(digit(byte & 15))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
