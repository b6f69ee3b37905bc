// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

enum Folders {
    static func make(_ path: String) throws(HostError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw HostError(
                .io, "The folder can't be made: \(error.localizedDescription).", subject: path, retry: .stop)
        }
    }
}

/// A file that is there whole or not at all: written under another name, synced, renamed.
final class DurableFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isDone = false

    init(_ path: String) throws(HostError) {
        self.path = path
        temporary = path + ".tmp"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw FileTrouble.error("can't be made", temporary) }
    }

    deinit {
        close(descriptor)
        if !isDone { unlink(temporary) }
    }

    func append(_ bytes: [UInt8]) throws(HostError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset) }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileTrouble.error("can't be written", temporary)
            }
            offset += count
        }
    }

    func finish() throws(HostError) {
        guard fsync(descriptor) == 0 else { throw FileTrouble.error("can't be synced", temporary) }
        guard rename(temporary, path) == 0 else { throw FileTrouble.error("can't be renamed", temporary) }
        isDone = true
    }

    static func write(_ bytes: [UInt8], to path: String) throws(HostError) {
        let file = try DurableFile(path)
        try file.append(bytes)
        try file.finish()
    }
}
