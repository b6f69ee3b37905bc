// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// Takes out of bodies what must not lie in a recording: the known secrets, and in JSON the values of keys
/// that hold secrets by their name, such as an access token that a server hands out.
struct RecordingCleaner {
    private static let secretKeys = [
        "access_token", "accessToken", "refresh_token", "refreshToken", "id_token", "idToken", "apiKey",
        "api_key",
        "apiToken", "api_token", "client_secret", "clientSecret", "password",
    ].map { Array("\"\($0)\"".utf8) }

    /// Longer bodies are told by hash and size only.
    private static let inlineBytes = 64 << 10

    let redactor: Redactor

    func clean(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = redactor.clean(bytes)
        for key in Self.secretKeys { bytes = withoutValues(of: key, in: bytes) }
        return bytes
    }

    func describe(_ request: HTTPRequest) throws(HostError) -> RecordedExchange.Request {
        let hash = SHA256()
        var inline: String?
        var count: Int64 = 0
        switch request.body {
        case .none: break
        case .bytes(let bytes):
            let cleaned = clean(bytes)
            hash.update(cleaned)
            count = Int64(cleaned.count)
            if cleaned.count <= Self.inlineBytes { inline = String(validating: cleaned, as: UTF8.self) }
        case .source(let source, let offset, let length):
            count = length ?? source.size - offset
            try feed(hash, from: source, offset, count)
        }
        return RecordedExchange.Request(
            method: request.method, url: RequestSubject(request, redactor).url, bodySHA256: hash.finish(),
            bodyBytes: count, body: inline)
    }

    private func feed(
        _ hash: SHA256, from source: any HTTPBodySource, _ offset: Int64, _ count: Int64
    ) throws(HostError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var done: Int64 = 0
        while done < count {
            let wanted = Int(min(Int64(buffer.count), count - done))
            let got = try source.read(at: offset + done, into: .init(rebasing: buffer[..<wanted]))
            if got <= 0 { break }
            hash.update(buffer[..<got])
            done += Int64(got)
        }
    }

    /// Replaces the string after `key` and a colon, each time.
    private func withoutValues(of key: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var copied = 0
        var from = 0
        while let hit = ByteSearch.firstIndex(of: key, in: bytes, from: from) {
            from = hit + key.count
            let rest = bytes[from...].drop { $0 == 0x20 || $0 == UInt8(ascii: ":") }
            guard rest.first == UInt8(ascii: "\""), rest.startIndex > from else { continue }
            var end = rest.startIndex + 1
            while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
                end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            result += bytes[copied...rest.startIndex]
            result += Redactor.mask.utf8
            copied = min(end, bytes.count)
            from = copied
        }
        return result + bytes[copied...]
    }
}
