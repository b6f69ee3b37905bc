// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// A file that is open for reading.
final class ReadableFile {
    let path: String
    let size: Int64
    private var descriptor: Int32

    init(_ path: String) throws(HostError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileTrouble.error("can't be opened", path) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw HostError(.invalidData, "It is not a regular file.", subject: path)
        }
        size = Int64(info.st_size)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func tail(_ count: Int) throws(HostError) -> [UInt8] {
        let start = max(0, size - Int64(count))
        var bytes = [UInt8](repeating: 0, count: Int(size - start))
        let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(start)) }
        guard got == bytes.count else { throw FileTrouble.error("can't be read", path) }
        return bytes
    }

    /// Gives the descriptor away; the receiver closes it.
    func release() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }
}

/// Errors of the file system in the project's words.
enum FileTrouble {
    static func error(_ what: String, _ path: String, _ code: Int32 = errno) -> HostError {
        let status: Status = code == ENOENT ? .notFound : .io
        let retry: Retry = code == ENOSPC || code == EDQUOT || code == EROFS ? .stop : .byStatus
        return HostError(status, "It \(what): \(String(cString: strerror(code))).", subject: path, retry: retry)
    }
}
