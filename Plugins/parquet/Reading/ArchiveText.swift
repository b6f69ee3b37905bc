// SPDX-License-Identifier: Apache-2.0

internal import CArchive
internal import HostPluginKit

extension archive_text {
    /// nil when absent.
    var string: String? {
        guard let data else { return nil }
        return data.withMemoryRebound(to: UInt8.self, capacity: Int(size)) {
            String(decoding: UnsafeBufferPointer(start: $0, count: Int(size)), as: UTF8.self)
        }
    }
}

enum CoreFailure {
    /// Runs a function of the core and turns what it says into an error.
    ///
    /// - Returns: false at the end of a reader.
    static func check(
        _ subject: String, _ body: (UnsafeMutablePointer<archive_error>) -> Int32
    ) throws(HostError) -> Bool {
        var error = archive_error()
        let code = Int(body(&error))
        if code == ARCHIVE_OK { return true }
        if code == ARCHIVE_END { return false }
        let message = withUnsafeBytes(of: &error.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let status: Status = switch code {
        case ARCHIVE_IO: .io
        case ARCHIVE_INVALID_DATA: .invalidData
        case ARCHIVE_UNSUPPORTED: .unsupported
        case ARCHIVE_NO_MEMORY: .limit
        default: .internal
        }
        let isDiskFull = error.system_errno == 28 || error.system_errno == 122
        throw HostError(status, message, subject: subject, retry: isDiskFull ? .stop : .never)
    }
}
