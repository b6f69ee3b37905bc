// SPDX-License-Identifier: Apache-2.0

/// The role that reads. One instance is one open endpoint.
///
/// Thread rule: the host calls an instance, and everything made from it, by one thread at a time; only `cancel`
/// comes from another. So an exporter needs no locks.
public protocol Exporter: AnyObject {
    /// No more network than is needed to fail early; the host has checked the options.
    init(_ options: Options, _ call: Call) throws(HostError)

    /// One cheap call that proves that source and credentials are good.
    func check(_ call: Call) throws(HostError)

    /// Yields units/1, lazily. `projects` are glob patterns; none: all. The order is stable under a cursor.
    func list(projects: [String], from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource

    /// Yields paths/1: the names that the unit is going to hold, before any record is read.
    func paths(_ unit: UnitRef, _ call: Call) throws(HostError) -> any BatchSource

    /// Yields the unit's tables from a cursor; deterministic for one revision of the unit.
    func read(_ unit: UnitRef, from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource

    /// The bytes behind the `blob` column of a files row.
    func blob(_ ref: String, _ call: Call) throws(HostError) -> Blob

    /// Makes the call that runs return soon. Any thread.
    func cancel()
}

extension Exporter {
    public func cancel() {}
}

/// Yields batches. Belongs to its exporter and follows its thread rule.
public protocol BatchSource: AnyObject {
    /// nil at the end.
    func next(_ call: Call) throws(HostError) -> SourceBatch?
}

/// A batch and the place behind it.
public struct SourceBatch {
    public var batch: RecordBatch
    /// Portable and without secrets; empty when reading can't go on from here.
    public var cursor: [UInt8]

    public init(_ batch: RecordBatch, cursor: [UInt8] = []) {
        self.batch = batch
        self.cursor = cursor
    }
}

/// The bytes of one file.
public enum Blob {
    /// An open file, positioned at its start; the host closes it.
    case file(descriptor: Int32, size: Int64)
    case bytes(any ByteSource, size: Int64?)
}

/// Yields the bytes of one blob in order.
public protocol ByteSource: AnyObject {
    /// At most `capacity` bytes; none at the end.
    func next(capacity: Int, _ call: Call) throws(HostError) -> [UInt8]
}

/// Batches that are ready at hand, for short lists.
public final class BatchList: BatchSource {
    private var rest: [RecordBatch]

    public init(_ batches: [RecordBatch]) { rest = batches.reversed() }

    public func next(_ call: Call) throws(HostError) -> SourceBatch? {
        rest.popLast().map { SourceBatch($0) }
    }
}
