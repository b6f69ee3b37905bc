// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Where the server is: an address that was given, else the one inside the API key, else Comet's own.
enum Address {
    static let comet = "https://www.comet.com"

    /// Scheme and host of `text`; the path `/clientlib` of COMET_URL_OVERRIDE belongs to the calls.
    static func root(_ text: String?, key: String) throws(HostError) -> String {
        var address = text.flatMap { $0.isEmpty ? nil : $0 } ?? insideKey(key) ?? comet
        while address.hasSuffix("/") { address.removeLast() }
        if address.hasSuffix("/clientlib") { address.removeLast("/clientlib".count) }
        let lower = address.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), !address.contains("?"),
            !address.contains("@")
        else {
            throw HostError(
                .invalidOption, "This is no address of a Comet server.", subject: "url",
                remedy: "Give one such as https://comet.example.org/clientlib/.")
        }
        return address
    }

    /// A long key is `KEY*BASE64`, and the second part a JSON object with `baseUrl`.
    private static func insideKey(_ key: String) -> String? {
        guard let star = key.utf8.firstIndex(of: UInt8(ascii: "*")) else { return nil }
        let tail = key.utf8[key.utf8.index(after: star)...]
        guard let bytes = decode(tail), let json = try? JSON(parsing: bytes) else { return nil }
        return json["baseUrl"]?.text
    }

    /// Padding may be missing, as Comet's client allows.
    private static func decode(_ text: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for unit in text where unit != UInt8(ascii: "=") {
            let value: UInt8
            switch unit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = unit - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = unit - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = unit - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
