// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// Changes to a folder that are there whole or not at all.
enum FileChange {
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(HostError) {
        let draft = "\(path).\(getpid()).new"
        do {
            try write(Data(text.utf8), toNew: draft, mode: mode)
            try move(draft, to: path)
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// A new file; its bytes are on the disk when this returns.
    static func write(_ bytes: Data, toNew path: String, mode: mode_t) throws(HostError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("can't be made", path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: bytes)
            try file.synchronize()
        } catch {
            throw HostError(.io, "The file can't be written: \(error).", subject: path, retry: .stop)
        }
        // The umask may have taken rights away, and never gave any.
        guard fchmod(descriptor, mode) == 0 else { throw failure("can't be given its rights", path) }
    }

    /// Takes the place of what is there. A process that has the old file open keeps it.
    static func move(_ path: String, to target: String) throws(HostError) {
        guard rename(path, target) == 0 else { throw failure("can't be put into its place", target) }
        try synchronize(target.folderOfPath)
    }

    /// Absent is as good as removed.
    static func remove(_ path: String) throws(HostError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("can't be removed", path) }
    }

    /// With all folders above it; new ones are for this user to write to alone.
    static func makeFolder(_ path: String) throws(HostError) {
        if FileFacts.isFolder(path) { return }
        if path.folderOfPath != path { try makeFolder(path.folderOfPath) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("can't be made", path) }
    }

    /// Runs `body` while no other process changes the folder.
    static func whileLocked<Result>(
        _ folder: String, _ body: () throws(HostError) -> Result
    ) throws(HostError) -> Result {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("can't be opened", folder) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("can't be locked", folder) }
        }
        return try body()
    }

    private static func synchronize(_ folder: String) throws(HostError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("can't be opened", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("can't be written to the disk", folder) }
    }

    private static func failure(_ what: String, _ path: String) -> HostError {
        HostError(.io, "The file \(what): \(String(cString: strerror(errno))).", subject: path, retry: .stop)
    }
}
