// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB
package import HostRecords

/// A job's durable memory: every unit's state, target, counts, checksums, losses, and the names that were
/// changed.
///
/// Each call is one transaction, synced to the disk before it returns (WAL with `synchronous = FULL`), so
/// what a call has said survives a power cut. All calls may be made from any thread; they run one after
/// another.
package final class Ledger: Sendable {
    package static let fileName = "ledger.sqlite"

    package let folder: String
    private let queue: DatabaseQueue
    /// Held as long as the ledger can be written to; nil when it is only viewed.
    private let lock: JobLock?

    private init(folder: String, queue: DatabaseQueue, lock: JobLock?) {
        self.folder = folder
        self.queue = queue
        self.lock = lock
    }

    package var file: String { Self.file(in: folder) }

    /// Opens the ledger of the job that `lock` holds, or makes it.
    ///
    /// - Throws: `.invalidOption` when the job was begun with another identity.
    package static func open(lock: JobLock, identity: JobIdentity) throws(HostError) -> Ledger {
        let ledger = try connect(lock.folder, lock: lock)
        try ledger.write { database in
            let stored = try storedIdentity(database)
            guard stored.settings.isEmpty else {
                try identity.check(against: stored, job: lock.folder)
                return
            }
            for (name, value) in identity.settings {
                try database.cachedStatement(sql: "INSERT INTO job (name, value) VALUES (?, ?)")
                    .execute(arguments: [LedgerText.value(name), LedgerText.value(value)])
            }
        }
        return ledger
    }

    /// Opens the ledger of any job for reading, also while a process works on it.
    package static func view(in folder: String) throws(HostError) -> Ledger {
        guard FileManager.default.fileExists(atPath: file(in: folder)) else {
            throw HostError(.notFound, "there is no job here.", subject: folder, remedy: "See host status.")
        }
        return try connect(folder, lock: nil)
    }

    /// Puts the ledger of a job aside, so that the next `open` makes a new one (`--fresh`).
    ///
    /// - Returns: the name the old one has now, or nil when there was none.
    package static func setAside(lock: JobLock) throws(HostError) -> String? {
        let manager = FileManager.default
        let old = file(in: lock.folder)
        guard manager.fileExists(atPath: old) else { return nil }
        var number = 1
        while manager.fileExists(atPath: "\(lock.folder)/ledger.old-\(number).sqlite") { number += 1 }
        let new = "\(lock.folder)/ledger.old-\(number).sqlite"
        do {
            // The write-ahead log holds what is not yet in the file: it keeps the file's company.
            for suffix in ["-wal", "-shm", ""] where manager.fileExists(atPath: old + suffix) {
                try manager.moveItem(atPath: old + suffix, toPath: new + suffix)
            }
        } catch {
            throw HostError(
                .io, "the old ledger cannot be put aside.", subject: old, detail: "\(error)", retry: .stop)
        }
        return new
    }

    package func identity() throws(HostError) -> JobIdentity {
        try read { try Self.storedIdentity($0) }
    }

    /// Runs `body` in a transaction that takes the write lock at once.
    func write<Result>(_ body: (Database) throws -> Result) throws(HostError) -> Result {
        do {
            return try queue.write(body)
        } catch {
            throw HostError(ledger: error, file: file)
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(HostError) -> Result {
        do {
            return try queue.read(body)
        } catch {
            throw HostError(ledger: error, file: file)
        }
    }

    private static func file(in folder: String) -> String { folder + "/" + fileName }

    private static func connect(_ folder: String, lock: JobLock?) throws(HostError) -> Ledger {
        var configuration = Configuration()
        configuration.readonly = lock == nil
        configuration.busyMode = .timeout(10)
        configuration.label = "host.ledger"
        let path = file(in: folder)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            if lock == nil {
                try queue.read { try LedgerSchema.prepare($0, mayCreate: false) }
            } else {
                try queue.write { try LedgerSchema.prepare($0, mayCreate: true) }
                try queue.writeWithoutTransaction { database in
                    try database.execute(sql: "PRAGMA journal_mode = WAL")
                    try database.execute(sql: "PRAGMA synchronous = FULL")
                }
                chmod(path, 0o600)
            }
            return Ledger(folder: folder, queue: queue, lock: lock)
        } catch {
            throw HostError(ledger: error, file: path)
        }
    }

    private static func storedIdentity(_ database: Database) throws -> JobIdentity {
        var settings: [String: String] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT name, value FROM job") {
            settings[row.requiredText("name")] = row.requiredText("value")
        }
        return JobIdentity(settings)
    }
}
