// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostRecords

/// A batch in memory that vanishes when the plugin releases it, with both releases counted.
///
/// Lifetime: the pages are taken back by the release callback of their root, on whatever thread it comes.
final class LentBatch: @unchecked Sendable {
    private let schemaPages = LentPages(.batch)
    private let arrayPages = LentPages(.batch)
    private(set) var raw = host_batch()
    private let lock = NSLock()
    private var schemaReleases = 0
    private var arrayReleases = 0

    /// Every release that comes late needs its owner; a test's batches are few.
    private static let registry = NSLock()
    nonisolated(unsafe) private static var owners: [UInt: LentBatch] = [:]

    init(_ batch: RecordBatch, _ form: BatchForm) {
        var schema = ArrowSchema()
        var array = ArrowArray()
        batch.export(schema: &schema, array: &array)
        defer {
            array.release?(&array)
            schema.release?(&schema)
        }
        let copier = ArrowCopier(schemaPages, arrayPages, form)
        raw.struct_size = UInt32(MemoryLayout<host_batch>.size)
        (raw.schema, raw.array) = copier.root(schema, array)
        let mark = Self.registry.withLock { () -> UInt in
            let mark = UInt(Self.owners.count + 1)
            Self.owners[mark] = self
            return mark
        }
        raw.schema.private_data = UnsafeMutableRawPointer(bitPattern: mark << 4)
        raw.array.private_data = UnsafeMutableRawPointer(bitPattern: mark << 4)
        raw.schema.release = { schema in
            guard let schema else { return }
            LentBatch.owner(schema.pointee.private_data)?.released(isArray: false)
            schema.pointee.release = nil
        }
        raw.array.release = { array in
            guard let array else { return }
            LentBatch.owner(array.pointee.private_data)?.released(isArray: true)
            array.pointee.release = nil
        }
    }

    private static func owner(_ mark: UnsafeMutableRawPointer?) -> LentBatch? {
        registry.withLock { owners[UInt(bitPattern: mark) >> 4] }
    }

    private func released(isArray: Bool) {
        lock.withLock {
            if isArray { arrayReleases += 1 } else { schemaReleases += 1 }
        }
        (isArray ? arrayPages : schemaPages).revoke()
    }

    private var counts: (schema: Int, array: Int) { lock.withLock { (schemaReleases, arrayReleases) } }

    /// Releases what the plugin left in the struct, as the host does for a loader that failed early.
    func giveBack(_ raw: UnsafeMutablePointer<host_batch>, _ bench: Bench) {
        leftBehind = raw.pointee.array.release != nil || raw.pointee.schema.release != nil
        raw.pointee.array.release?(&raw.pointee.array)
        raw.pointee.schema.release?(&raw.pointee.schema)
    }
    private var leftBehind = false

    func afterCall(failed: Bool, _ bench: Bench) {
        if leftBehind, !failed {
            bench.note(
                "R-LOADER-6", expected: "write takes schema and array, and releases both",
                happened: "a release callback is still there")
        }
        checkOnce(bench)
    }

    /// After `end` nothing may be held any longer.
    func checkEnd(_ bench: Bench) {
        checkOnce(bench)
        let (schema, array) = counts
        if schema == 0 || array == 0 {
            bench.note(
                "R-LOADER-6", expected: "each batch is released once its load has ended",
                happened: "\(schema == 0 ? "a schema" : "an array") was not")
        }
    }

    private func checkOnce(_ bench: Bench) {
        let (schema, array) = counts
        if schema > 1 || array > 1 {
            bench.note(
                "R-LOADER-6", expected: "each is released exactly once",
                happened: "schema \(schema) times, array \(array) times")
        }
    }
}
