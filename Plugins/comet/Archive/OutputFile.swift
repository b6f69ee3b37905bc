// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// A file being written under a working name, which gets its own name once it is whole and on disk.
///
/// Lifetime: owns its descriptor. Thread rule: one thread at a time.
final class OutputFile {
    private let folder: String
    private let name: String
    private let descriptor: Int32
    /// Bytes.
    private(set) var size: Int64 = 0
    private var buffer: [UInt8] = []

    static func workingName(_ name: String) -> String { "\(name).part" }

    init(_ folder: String, _ name: String) throws(HostError) {
        self.folder = folder
        self.name = name
        let path = "\(folder)/\(Self.workingName(name))"
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw HostError.ofFile(path, "The archive cannot be written.") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw HostError(
                .unavailable, "Another process writes this archive.", subject: path,
                remedy: "Run again when it has ended.")
        }
    }

    deinit { close(descriptor) }

    func append(_ bytes: some Collection<UInt8>) throws(HostError) {
        buffer.append(contentsOf: bytes)
        size += Int64(bytes.count)
        if buffer.count >= 1 << 20 { try empty() }
    }

    /// Puts bytes over ones that were written before.
    func patch(_ bytes: [UInt8], at place: Int64) throws(HostError) {
        try empty()
        try write(bytes, at: place)
    }

    func sync() throws(HostError) {
        try empty()
        guard fsync(descriptor) == 0 else {
            throw HostError.ofFile("\(folder)/\(name)", "The archive cannot be written.")
        }
    }

    /// Gives the file its own name, over an older one.
    func finish() throws(HostError) {
        try sync()
        let path = "\(folder)/\(name)"
        guard rename("\(folder)/\(Self.workingName(name))", path) == 0 else {
            throw HostError.ofFile(path, "The archive cannot be given its name.")
        }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        guard directory >= 0, fsync(directory) == 0 else {
            throw HostError.ofFile(folder, "The folder cannot be synced.")
        }
    }

    private func empty() throws(HostError) {
        guard !buffer.isEmpty else { return }
        try write(buffer, at: size - Int64(buffer.count))
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: [UInt8], at place: Int64) throws(HostError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                pwrite(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
                    off_t(place) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw HostError.ofFile("\(folder)/\(name)", "The archive cannot be written.")
            }
            done += count
        }
    }
}

extension HostError {
    /// With the system's word for what went wrong last.
    static func ofFile(_ path: String, _ message: String) -> HostError {
        let code = errno
        return HostError(
            .io, message, subject: path, remedy: "Check free space and rights of the folder.",
            detail: String(cString: strerror(code)), retry: .stop)
    }
}
