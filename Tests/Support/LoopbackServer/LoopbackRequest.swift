// SPDX-License-Identifier: Apache-2.0

/// A request as it arrived.
package struct LoopbackRequest: Sendable {
    package var method: String
    /// Path and query.
    package var target: String
    /// Names in lower case.
    package var headers: [String: String]
    /// The first mebibyte.
    package var body: [UInt8] = []
    package var bodyBytes = 0
    /// The last bytes of the body, at most 64.
    package var bodyEnd: [UInt8] = []
    /// 0 is the first connection that the server accepted.
    package var connection: Int

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// nil when this is not the head of a request.
    init?(head: ArraySlice<UInt8>, connection: Int) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
        (method, target) = (String(words[0]), String(words[1]))
        headers = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        self.connection = connection
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        bodyBytes += bytes.count
        body += bytes.prefix((1 << 20) - body.count)
        bodyEnd = Array((bodyEnd + bytes.suffix(64)).suffix(64))
    }
}
