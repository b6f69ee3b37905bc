// SPDX-License-Identifier: Apache-2.0

import Glibc
package import HostRecords

/// The bytes of an upload, read piece by piece and again from the start on each try.
///
/// The service calls `read` on its own thread, where every other request waits meanwhile: a source is a local
/// file or memory, never a network.
package protocol HTTPBodySource: Sendable {
    var size: Int64 { get }

    /// Fills `buffer` from `offset` and returns how much; 0 only at the end.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int
}

/// A local file. Owns the descriptor and closes it with the last reference, so a request in flight keeps it
/// open.
package final class FileBodySource: HTTPBodySource {
    /// Open as long as this object.
    package let descriptor: Int32
    package let size: Int64

    /// Takes the descriptor over, also when it throws.
    package init(fd: Int32) throws(HostError) {
        var status = stat()
        guard fstat(fd, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let reason = fd < 0 ? String(cString: strerror(EBADF)) : "not a regular file"
            close(fd)
            throw HostError(.io, "The body of an upload cannot be read: \(reason).")
        }
        descriptor = fd
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    package func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
        while true {
            let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if got >= 0 { return got }
            let code = errno
            if code != EINTR {
                throw HostError(
                    .io, "Reading the body of an upload failed: \(String(cString: strerror(code))).")
            }
        }
    }
}

/// Bytes in memory, for bodies too big to be copied into libcurl.
struct BytesBodySource: HTTPBodySource {
    let bytes: [UInt8]
    var size: Int64 { Int64(bytes.count) }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
        let start = min(Int(offset), bytes.count)
        let count = min(buffer.count, bytes.count - start)
        bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[start..<start + count])) }
        return count
    }
}
