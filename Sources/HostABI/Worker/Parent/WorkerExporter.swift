// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// An instance's worker, started again after it has died.
///
/// Thread rule: the instance's; `cancel` from any thread.
final class WorkerSeat: @unchecked Sendable {
    private let opening: WorkerOpening
    private let context: CallContext
    private let lock = NSLock()
    private var connection: WorkerConnection

    init(_ opening: WorkerOpening, _ context: CallContext) throws(HostError) {
        self.opening = opening
        self.context = context
        connection = try opening.connect(context)
    }

    /// A worker that lives.
    func current() throws(HostError) -> WorkerConnection {
        let known = lock.withLock { connection }
        guard known.isDead else { return known }
        let new = try opening.connect(context)
        lock.withLock { connection = new }
        return new
    }

    func cancel() {
        lock.withLock { connection }.cancel()
        context.queue?.cancelAll()
    }
}

/// An exporter in a worker process.
///
/// Thread rule: every call takes the instance's lock. `cancel` takes none.
final class WorkerExporter: ExporterInstance, @unchecked Sendable {
    let library: PluginLibrary
    let context: CallContext
    private let seat: WorkerSeat
    private let lock = NSLock()

    init(_ library: PluginLibrary, _ opening: WorkerOpening, _ context: CallContext) throws(HostError) {
        self.library = library
        self.context = context
        seat = try WorkerSeat(opening, context)
    }

    func cancel() { seat.cancel() }

    func check() throws(HostError) {
        try locked { () throws(HostError) in _ = try seat.current().call(.check) }
    }

    func list(projects: [String], from cursor: [UInt8]) throws(HostError) -> any BatchReader {
        var head = WireWriter()
        head.put(projects) { $0.put($1) }
        head.put(cursor)
        return try reader(.list, head)
    }

    func paths(_ unit: UnitRef) throws(HostError) -> any BatchReader {
        var head = WireWriter()
        head.put(unit)
        return try reader(.paths, head)
    }

    func read(_ unit: UnitRef, from cursor: [UInt8]) throws(HostError) -> any BatchReader {
        var head = WireWriter()
        head.put(unit)
        head.put(cursor)
        return try reader(.read, head)
    }

    func blob(_ ref: String) throws(HostError) -> SourceBlob {
        var head = WireWriter()
        head.put(ref)
        return try locked { () throws(HostError) in
            guard let frame = try seat.current().call(.blob, head), let descriptor = frame.descriptor else {
                throw WireReader.damaged
            }
            return try SourceBlob(descriptor: descriptor)
        }
    }

    private func reader(_ kind: Message, _ head: WireWriter) throws(HostError) -> any BatchReader {
        try locked { () throws(HostError) in
            let connection = try seat.current()
            guard var frame = try connection.call(kind, head) else { throw WireReader.damaged }
            return WorkerReader(self, connection, try frame.head.number())
        }
    }

    fileprivate func locked<Result>(_ body: () throws(HostError) -> Result) throws(HostError) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body()
    }
}

/// Batches from a worker; ends with the worker that it began in.
private final class WorkerReader: BatchReader, @unchecked Sendable {
    private let instance: WorkerExporter
    private let connection: WorkerConnection
    private let number: UInt64

    init(_ instance: WorkerExporter, _ connection: WorkerConnection, _ number: UInt64) {
        self.instance = instance
        self.connection = connection
        self.number = number
    }

    deinit {
        var head = WireWriter()
        head.put(number)
        try? instance.locked { () throws(HostError) in _ = try connection.call(.closeReader, head) }
    }

    func next() throws(HostError) -> (batch: RecordBatch, cursor: [UInt8])? {
        var head = WireWriter()
        head.put(number)
        return try instance.locked { () throws(HostError) in
            guard var frame = try connection.call(.next, head) else { return nil }
            let cursor = try frame.head.blob()
            return (try BatchDecoder.decode(&frame.head, frame.body), cursor)
        }
    }
}
