// SPDX-License-Identifier: Apache-2.0

public import CHost

extension host_text {
    /// A copy of the text; bytes that are not UTF-8 become U+FFFD. Absent text is empty.
    public var string: String {
        guard let data, size > 0 else { return "" }
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(size))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// At most `limit` bytes of the text, cut at a character.
    public func string(upTo limit: Int) -> String {
        guard let data, size > Int64(limit) else { return string }
        var end = limit
        // Bytes 10xxxxxx go on with a character (RFC 3629).
        while end > 0, UInt8(bitPattern: data[end]) & 0xc0 == 0x80 { end -= 1 }
        return host_text(data: data, size: Int64(end)).string + "…"
    }

    /// nil for absent or empty text.
    public var optionalString: String? {
        size > 0 ? string : nil
    }
}

extension host_bytes {
    public var array: [UInt8] {
        guard let data, size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(size)))
    }
}

/// Runs `body` with a view of `string` that is valid until it returns.
public func withHostText<Result>(_ string: String, _ body: (host_text) -> Result) -> Result {
    var copy = string
    return copy.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { chars in
            body(host_text(data: chars.baseAddress, size: Int64(chars.count)))
        }
    }
}

/// Runs `body` with a view of `bytes` that is valid until it returns.
public func withHostBytes<Result>(_ bytes: [UInt8], _ body: (host_bytes) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(host_bytes(data: $0.baseAddress, size: Int64($0.count))) }
}

/// Texts that live as long as this object: for structs that carry many views at once, and for static descriptors,
/// which keep theirs for ever.
///
/// Thread rule: filled by one thread; the views may be read by any.
public final class TextArena {
    private var blocks: [UnsafeMutablePointer<CChar>] = []

    public init() {}

    deinit {
        for block in blocks { block.deallocate() }
    }

    public func text(_ string: String) -> host_text {
        guard !string.isEmpty else { return host_text() }
        var copy = string
        return copy.withUTF8 { utf8 in
            let block = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count)
            utf8.withMemoryRebound(to: CChar.self) { source in
                if let start = source.baseAddress { block.initialize(from: start, count: utf8.count) }
            }
            blocks.append(block)
            return host_text(data: block, size: Int64(utf8.count))
        }
    }

    public func text(_ string: String?) -> host_text {
        string.map { text($0) } ?? host_text()
    }
}
