// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A tracking URI, checked and taken apart.
struct Address: Sendable {
    /// Scheme, host and path prefix; no slash at the end.
    let base: String
    let scheme: String
    /// From the part before an `@`.
    let user: String?
    let password: String?

    init(_ text: String) throws(HostError) {
        guard let mark = text.range(of: "://") else {
            throw Self.refusal(text, "The tracking URI is not a web address.")
        }
        scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw Self.refusal("\(scheme)://…", "Only servers are written to, and '\(scheme)' is none.")
        }
        // People paste the address of the web pages: what follows '#' is none of the server's.
        var rest = text[mark.upperBound...].prefix { $0 != "#" }
        guard !rest.contains("?") else {
            throw Self.refusal(text, "The tracking URI holds a query.")
        }
        while rest.last == "/" { rest.removeLast() }
        let authority = rest.prefix { $0 != "/" }
        if let at = authority.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = parts.first.map(Self.decoded)
            password = parts.count > 1 ? Self.decoded(parts[1]) : nil
            rest = rest[rest.index(after: at)...]
        } else {
            user = nil
            password = nil
        }
        guard let first = rest.first, first != "/" else {
            throw Self.refusal(text, "The tracking URI names no server.")
        }
        base = "\(scheme)://\(rest)"
    }

    private static func refusal(_ subject: String, _ message: String) -> HostError {
        HostError(
            .invalidOption, message, subject: "tracking-uri",
            remedy:
                "Give the address of a running server, such as http://127.0.0.1:5000; a database or a folder is "
                + "served by `mlflow server --backend-store-uri …`.",
            detail: subject.contains("@") ? "" : subject)
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(code)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// The first place where `text` stands.
    func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
