// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// A job as it lies on the disk, seen from outside: also while a process works on it. Nothing is changed.
package struct JobReport: Sendable {
    /// The process that has the job, as the lock file tells it.
    package struct Holder: Sendable, Equatable {
        package var process: String
        package var machine: String
        /// UTC, ISO 8601.
        package var started: String
    }

    package let name: String
    package let folder: String
    package let identity: JobIdentity
    package let totals: LedgerTotals
    package let holder: Holder?
    /// Milliseconds since 1970 UTC of the ledger's last write.
    package let changed: Int64
    private let ledger: Ledger

    /// - Throws: `.notFound` when no job lies there.
    package init(folder: String) throws(HostError) {
        name = (folder as NSString).lastPathComponent
        self.folder = folder
        ledger = try Ledger.view(in: folder)
        identity = try ledger.identity()
        totals = try ledger.totals()
        holder = Self.holder(of: folder)
        changed = Self.lastChange(of: folder)
    }

    /// Names of the jobs below `root`, sorted.
    package static func names(in root: String) -> [String] {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: root)) ?? []
        return names.filter { manager.fileExists(atPath: "\(root)/\($0)/\(Ledger.fileName)") }.sorted()
    }

    /// Failed units in the order listed.
    package func failures(limit: Int) throws(HostError) -> [StoredUnit] {
        try ledger.units(in: [.failed], limit: limit)
    }

    /// A holder leaves its text behind only when it is killed; then the kernel has let go of the lock, and
    /// the question is put to it. Where the lock file is empty nobody asks, so a run that begins just now
    /// finds it free.
    private static func holder(of folder: String) -> Holder? {
        let path = folder + "/lock"
        guard let data = FileManager.default.contents(atPath: path),
            let told = LockHolder(text: String(decoding: data, as: UTF8.self))
        else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        return Holder(process: told.process, machine: told.machine, started: told.started)
    }

    /// In WAL mode new transactions lie in the log until a checkpoint. An empty log is none: whoever only
    /// looks at a ledger makes one too.
    private static func lastChange(of folder: String) -> Int64 {
        let times = ["", "-wal"].compactMap { suffix -> Date? in
            let path = "\(folder)/\(Ledger.fileName)\(suffix)"
            let facts = try? FileManager.default.attributesOfItem(atPath: path)
            return (facts?[.size] as? NSNumber)?.intValue ?? 0 > 0 ? facts?[.modificationDate] as? Date : nil
        }
        return times.max().map { Int64($0.timeIntervalSince1970 * 1000) } ?? 0
    }
}
