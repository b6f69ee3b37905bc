// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import HostPluginKit

/// zlib's compression, a piece at a time.
///
/// Lifetime: owns zlib's state. Thread rule: one thread at a time.
final class Deflate {
    enum Form {
        /// With gzip's head and checksum (RFC 1952).
        case gzip
        /// The bare stream (RFC 1951), as ZIP files hold it.
        case raw

        /// zlib's `windowBits`.
        fileprivate var bits: Int32 {
            switch self {
            case .gzip: 15 + 16
            case .raw: -15
            }
        }
    }

    private var stream = z_stream()

    /// The fastest level: records are repetitive, and higher ones gain a tenth for thrice the time.
    init(_ form: Form) throws(HostError) {
        let size = Int32(MemoryLayout<z_stream>.size)
        let code = deflateInit2_(
            &stream, 1, Z_DEFLATED, form.bits, 8, Z_DEFAULT_STRATEGY, zlibVersion(), size)
        guard code == Z_OK else { throw HostError(.internal, "zlib cannot begin (\(code)).") }
    }

    deinit { deflateEnd(&stream) }

    static func gzip(_ bytes: [UInt8]) throws(HostError) -> [UInt8] {
        try Deflate(.gzip).add(bytes, isLast: true)
    }

    /// What is ready of all that was added.
    func add(_ bytes: [UInt8], isLast: Bool) throws(HostError) -> [UInt8] {
        var result: [UInt8] = []
        var input = bytes
        var code = Z_OK
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            repeat {
                let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { output, used in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    let room = stream.avail_out
                    code = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    used = Int(room - stream.avail_out)
                }
                result += chunk
            } while code == Z_OK && (stream.avail_out == 0 || isLast)
            stream.next_in = nil
        }
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
            throw HostError(.internal, "zlib cannot go on (\(code)).")
        }
        return result
    }
}
