// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// Holds a job for one process: an flock(2) on the file `lock` of the job's folder.
///
/// The kernel lets go of it however the process ends, so there are no stale locks. The file's text only tells
/// a second process who holds it; it is left in place, since removing it would race with the next holder.
package final class JobLock: Sendable {
    package let folder: String
    private let descriptor: Int32

    private init(folder: String, descriptor: Int32) {
        self.folder = folder
        self.descriptor = descriptor
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Makes the folder when there is none.
    ///
    /// - Throws: `.conflict` naming the holder when another process has the job.
    package static func acquire(in folder: String) throws(HostError) -> JobLock {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HostError(
                .io, "the job's folder cannot be made.", subject: folder,
                remedy: "Choose a folder that you may write to with --job-dir.", detail: "\(error)",
                retry: .stop)
        }
        let path = folder + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemError("the job's lock cannot be opened", path) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            defer { close(descriptor) }
            if code == EWOULDBLOCK { throw heldError(folder, path) }
            throw systemError("the job cannot be locked", path, code)
        }
        let lock = JobLock(folder: folder, descriptor: descriptor)
        try lock.writeHolder(path)
        return lock
    }

    private func writeHolder(_ path: String) throws(HostError) {
        let holder = Array(LockHolder.this().text.utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, holder, holder.count, 0) == holder.count
        else {
            throw Self.systemError("the job's lock cannot be written", path)
        }
    }

    private static func heldError(_ folder: String, _ path: String) -> HostError {
        let text =
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let holder = LockHolder(text: text).map {
            "process \($0.process) on \($0.machine) since \($0.started)"
        }
        return HostError(
            .conflict, "the job is held by \(holder ?? "another process").", subject: folder,
            remedy: "Wait for it to end, or stop it.", retry: .stop)
    }

    private static func systemError(_ what: String, _ path: String, _ code: Int32 = errno) -> HostError {
        HostError(
            .io, "\(what): \(String(cString: strerror(code))).", subject: path,
            remedy: "Choose a folder on a local disk that you may write to with --job-dir.", retry: .stop)
    }
}

/// Who holds a job, as the lock file tells it.
struct LockHolder: Equatable {
    var process: String
    var machine: String
    /// UTC, ISO 8601.
    var started: String

    static func this() -> LockHolder {
        LockHolder(
            process: String(getpid()), machine: ProcessInfo.processInfo.hostName,
            started: Date().formatted(.iso8601))
    }

    var text: String { "pid \(process)\nmachine \(machine)\nstarted \(started)\n" }

    init(process: String, machine: String, started: String) {
        self.process = process
        self.machine = machine
        self.started = started
    }

    /// nil when the text is not whole: the holder may just be writing it.
    init?(text: String) {
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            if words.count == 2 { values[words[0]] = words[1] }
        }
        guard let process = values["pid"], let machine = values["machine"], let started = values["started"]
        else {
            return nil
        }
        self.init(process: String(process), machine: String(machine), started: String(started))
    }
}
