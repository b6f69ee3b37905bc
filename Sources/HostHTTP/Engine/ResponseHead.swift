// SPDX-License-Identifier: Apache-2.0

/// Collects the head of an answer from the lines that libcurl hands over, one at a time.
struct ResponseHead {
    private(set) var headers: [HTTPRequest.Header] = []

    mutating func append(line: UnsafeRawBufferPointer) {
        // Interim answers (1xx) and proxies come first with heads of their own; only the last one counts.
        if line.starts(with: "HTTP/".utf8) {
            headers.removeAll(keepingCapacity: true)
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        let name = line[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        var value = line[(colon + 1)...].drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        headers.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }

    var contentLength: Int? {
        headers.last { $0.name == "content-length" }.flatMap { Int($0.value) }
    }
}
