// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// Refuses what would break out of its place in the request head, before any of it reaches a socket.
enum RequestCheck {
    static func check(_ request: HTTPRequest, _ redactor: Redactor) throws(HostError) {
        var subject: String { RequestSubject(request, redactor).text }
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenByte) else {
            throw HostError(.invalidData, "The HTTP method is not a word.", subject: subject)
        }
        guard Authority(url: request.url) != nil, request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw HostError(
                .invalidData, "This is not a valid http or https URL.", subject: subject,
                remedy: "Give it as http://HOST[:PORT]/PATH, everything unusual percent-encoded.")
        }
        for (name, value) in request.headers {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw HostError(
                    .invalidData, "A header holds a character that headers cannot hold.", subject: subject,
                    remedy: "Look for a line break, often at the end of a token that was copied.",
                    detail: "header \(redactor.clean(name))")
            }
        }
        if case .source(let source, let offset, let length) = request.body {
            let available = source.size - offset
            guard offset >= 0, available >= 0, length ?? 0 >= 0, length ?? 0 <= available else {
                throw HostError(
                    .invalidData, "The body to send lies outside its source of \(source.size) bytes.",
                    subject: subject)
            }
        }
    }

    /// The token characters of RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
