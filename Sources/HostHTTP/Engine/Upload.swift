// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// A body that libcurl fetches piece by piece. Touched by the engine's thread only.
final class Upload {
    let length: Int64
    private let source: any HTTPBodySource
    private let start: Int64
    private var position: Int64 = 0

    /// Up to this size bytes are copied into libcurl, which then sends head and body in one packet if it can.
    private static let copiedBytes = 1 << 20

    /// nil for bodies that are none or go into libcurl as a whole.
    init?(_ body: HTTPRequest.Body, throttled: Bool) {
        switch body {
        case .none: return nil
        case .bytes(let bytes):
            guard bytes.count > Self.copiedBytes || (throttled && !bytes.isEmpty) else { return nil }
            (source, start, length) = (BytesBodySource(bytes: bytes), 0, Int64(bytes.count))
        case .source(let source, let offset, let length):
            (self.source, start, self.length) = (source, offset, length ?? source.size - offset)
        }
    }

    /// `offset` counts from the body's own start.
    func rewind(to offset: Int64) { position = offset }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
        let wanted = Int(min(Int64(buffer.count), length - position))
        if wanted == 0 { return 0 }
        let got = try source.read(at: start + position, into: .init(rebasing: buffer[..<wanted]))
        guard got > 0, got <= wanted else {
            throw HostError(
                .io, "A file became shorter while it was sent: \(position) of \(length) bytes are there.",
                remedy: "See that nothing writes to the files meanwhile.")
        }
        position += Int64(got)
        return got
    }
}
