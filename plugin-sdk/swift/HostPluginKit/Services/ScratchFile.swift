// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A temporary file without a name: what is put aside until it can be sent, gone when the process ends,
/// however that happens.
///
/// Lifetime: owns its descriptor. Thread rule: one thread at a time.
public final class ScratchFile {
    private let descriptor: Int32
    /// Bytes.
    public private(set) var size: Int64 = 0

    /// In the folder that TMPDIR names, else in /tmp.
    public init() throws(HostError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/host-plugin-XXXXXX".utf8CString)
        let (opened, unlinked) = template.withUnsafeMutableBufferPointer { name -> (Int32, Int32) in
            guard let start = name.baseAddress else { return (-1, -1) }
            let opened = mkstemp(start)
            if opened >= 0 { _ = fcntl(opened, F_SETFD, FD_CLOEXEC) }
            return (opened, opened < 0 ? -1 : unlink(start))
        }
        guard opened >= 0 else {
            throw Self.failure("A temporary file cannot be made in \(folder).")
        }
        descriptor = opened
        guard unlinked == 0 else { throw Self.failure("A temporary file in \(folder) cannot be unlinked.") }
    }

    deinit { close(descriptor) }

    /// Where the bytes were put.
    public func append(_ bytes: [UInt8]) throws(HostError) -> Range<Int64> {
        let start = size
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(size))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure("A temporary file cannot be written.") }
            done += written
            size += Int64(written)
        }
        return start..<size
    }

    /// Appends the bytes of `range`, which must lie in the file, to `bytes`.
    public func read(_ range: Range<Int64>, into bytes: inout [UInt8]) throws(HostError) {
        var place = range.lowerBound
        while place < range.upperBound {
            let wanted = Int(min(range.upperBound - place, 1 << 20))
            var got = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, used in
                got = pread(descriptor, buffer.baseAddress, wanted, off_t(place))
                used = max(got, 0)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw Self.failure("A temporary file cannot be read.") }
            bytes.append(contentsOf: chunk)
            place += Int64(got)
        }
    }

    private static func failure(_ message: String) -> HostError {
        let code = errno
        return HostError(
            .io, message, subject: "TMPDIR",
            remedy: "Give TMPDIR a folder with free space that can be written.",
            detail: String(cString: strerror(code)), retry: .stop)
    }
}
