// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A loader in a worker process.
final class WorkerLoader: LoaderInstance, @unchecked Sendable {
    let library: PluginLibrary
    let context: CallContext
    private let seat: WorkerSeat

    init(_ library: PluginLibrary, _ opening: WorkerOpening, _ context: CallContext) throws(HostError) {
        self.library = library
        self.context = context
        seat = try WorkerSeat(opening, context)
    }

    func cancel() { seat.cancel() }

    func check() throws(HostError) { _ = try seat.current().call(.check) }

    func limits() throws(HostError) -> Limits {
        guard var frame = try seat.current().call(.limits) else { throw WireReader.damaged }
        return try frame.head.limits()
    }

    func find(_ unit: UnitInfo) throws(HostError) -> Found {
        var head = WireWriter()
        head.put(unit)
        guard var frame = try seat.current().call(.find, head) else { throw WireReader.damaged }
        return try frame.head.found()
    }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64
    ) throws(HostError) -> any UnitWriter {
        var head = WireWriter()
        head.put(unit)
        head.put(found)
        head.put(mode.rawValue)
        head.put(resumeAfter)
        let connection = try seat.current()
        guard var frame = try connection.call(.begin, head) else { throw WireReader.damaged }
        return WorkerWriter(connection, try frame.head.number())
    }
}

/// A unit being written by a worker; ends with the worker that it began in.
private final class WorkerWriter: UnitWriter {
    private let connection: WorkerConnection
    private let number: UInt64

    init(_ connection: WorkerConnection, _ number: UInt64) {
        self.connection = connection
        self.number = number
    }

    deinit { _ = try? connection.call(.end, head()) }

    func write(_ batch: RecordBatch, sequence: UInt64) throws(HostError) -> UInt64 {
        var start = head()
        start.put(sequence)
        let message = BatchEncoder(batch, after: start)
        let answer = try connection.call(.write, message.head, message.body)
        withExtendedLifetime(batch) {}
        return try number(answer)
    }

    func flush(upTo sequence: UInt64) throws(HostError) -> UInt64 {
        var head = head()
        head.put(sequence)
        return try number(connection.call(.flush, head))
    }

    func commit(_ summary: CommitSummary) throws(HostError) -> Target {
        var head = head()
        head.put(summary)
        guard var frame = try connection.call(.commit, head) else { throw WireReader.damaged }
        return Target(id: try frame.head.text(), url: try frame.head.text())
    }

    private func head() -> WireWriter {
        var head = WireWriter()
        head.put(number)
        return head
    }

    private func number(_ answer: Frame?) throws(HostError) -> UInt64 {
        guard var answer else { throw WireReader.damaged }
        return try answer.head.number()
    }
}
