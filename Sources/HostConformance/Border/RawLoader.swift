// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostABI
internal import HostHTTP
internal import HostRecords

/// An open loader, called as the border says. Closed when it is forgotten; thread rule of `loader.h`.
final class RawLoader: @unchecked Sendable {
    let bench: Bench
    let endpoint: TestEndpoint
    let table: host_loader
    private var handle: OpaquePointer?

    init(_ bench: Bench, _ table: host_loader, _ values: EndpointValues) throws {
        self.bench = bench
        self.table = table
        endpoint = try bench.endpoint(secrets: values.secrets)
        var out: OpaquePointer?
        try bench.perform("loader.open", endpoint) { call, pages in table.open(call, pages.open(values), &out)
        }
        guard let out else {
            throw Finding("R-LIFE-5", expected: "open gives an instance with HOST_OK", happened: "NULL")
        }
        handle = out
    }

    deinit { close() }

    func close() {
        guard let handle else { return }
        self.handle = nil
        bench.perform("loader.close") { table.close(handle) }
    }

    func check() throws {
        try bench.perform("loader.check", endpoint) { call, _ in table.check(call, handle) }
    }

    /// Any thread.
    func cancel() {
        table.cancel(handle)
        endpoint.queue?.cancelAll()
    }

    func limits() throws -> Limits {
        var out: UnsafePointer<host_limits>?
        try bench.perform("loader.limits", endpoint) { call, _ in table.limits(call, handle, &out) }
        guard let out else { throw Finding("R-LOADER-17", expected: "limits", happened: "NULL") }
        return Limits(out.pointee)
    }

    func find(_ unit: UnitInfo) throws -> Found {
        var raw = host_found()
        raw.struct_size = UInt32(MemoryLayout<host_found>.size)
        var found = Found(.nothing)
        try bench.perform("loader.find", endpoint) { call, pages in
            let status = table.find(call, handle, pages.unit(unit), &raw)
            // A plugin may answer with views of what it was given, so they are copied while that is there.
            if status == Status.ok.rawValue { found = Found(raw) }
            return status
        }
        return found
    }

    func begin(_ unit: UnitInfo, _ found: Found, _ mode: BeginMode, after: UInt64 = 0) throws -> RawLoad {
        var out: OpaquePointer?
        let lossesBefore = endpoint.losses.count
        try bench.perform("loader.begin", endpoint) { call, pages in
            let arena = TextArena()
            defer { withExtendedLifetime(arena) {} }
            var raw = found.border(arena)
            raw.target = pages.text(found.target)
            raw.url = pages.text(found.url)
            raw.revision = pages.text(found.revision)
            raw.note = pages.text(found.note)
            return table.begin(call, handle, pages.unit(unit), pages.place(raw), mode.rawValue, after, &out)
        }
        guard let out else { throw Finding("R-LIFE-2", expected: "begin gives a load", happened: "NULL") }
        return RawLoad(self, out, after, lossesBefore: lossesBefore)
    }
}

/// A unit being written. Ended when it is forgotten.
final class RawLoad {
    private let loader: RawLoader
    private var handle: OpaquePointer?
    private var lastSequence: UInt64
    private(set) var durable: UInt64
    private var lent: [LentBatch] = []
    /// How many losses had been told when the load began.
    private let lossesBefore: Int

    fileprivate init(_ loader: RawLoader, _ handle: OpaquePointer, _ after: UInt64, lossesBefore: Int) {
        self.lossesBefore = lossesBefore
        self.loader = loader
        self.handle = handle
        lastSequence = after
        durable = after
    }

    deinit { end() }

    func end() {
        guard let handle else { return }
        self.handle = nil
        loader.bench.perform("loader.end") { loader.table.end(handle) }
        for batch in lent { batch.checkEnd(loader.bench) }
    }

    @discardableResult
    func write(_ batch: RecordBatch, _ sequence: UInt64, form: BatchForm = .plain) throws -> UInt64 {
        let copy = LentBatch(batch, form)
        lent.append(copy)
        lastSequence = max(lastSequence, sequence)
        var answer: UInt64 = durable
        var failure: (any Error)?
        do {
            try loader.bench.perform("loader.write", loader.endpoint) { call, pages in
                let raw = pages.place(copy.raw)
                raw.pointee.table = pages.text(batch.table.rawValue)
                defer { copy.giveBack(raw, loader.bench) }
                return loader.table.write(call, handle, raw, sequence, &answer)
            }
        } catch { failure = error }
        copy.afterCall(failed: failure != nil, loader.bench)
        if let failure { throw failure }
        try settle(answer, "write")
        return answer
    }

    @discardableResult
    func flush() throws -> UInt64 {
        var answer = durable
        try loader.bench.perform("loader.flush", loader.endpoint) { call, _ in
            loader.table.flush(call, handle, &answer)
        }
        try settle(answer, "flush")
        guard answer >= lastSequence else {
            throw Finding(
                "R-LOADER-5", expected: "after flush all \(lastSequence) batches are durable",
                happened: "\(answer)")
        }
        return answer
    }

    /// - Parameter rows: all that were written; those that the load told as merged or dropped are taken away, as the
    ///   host does.
    func commit(_ rows: [Table: Int64], checksum: String = "00") throws -> Target {
        var rows = rows
        for loss in loader.endpoint.losses.dropFirst(lossesBefore) where loss.kind.removesRows {
            rows[loss.table, default: 0] -= loss.rows
        }
        var target = host_target()
        target.struct_size = UInt32(MemoryLayout<host_target>.size)
        var result = Target(id: "")
        try loader.bench.perform("loader.commit", loader.endpoint) { call, pages in
            let summary = host_commit(
                struct_size: UInt32(MemoryLayout<host_commit>.size), reserved: 0, points: rows[.points] ?? 0,
                fields: rows[.fields] ?? 0, series: rows[.series] ?? 0, histograms: rows[.histograms] ?? 0,
                files: rows[.files] ?? 0, checksum: pages.text(checksum))
            let status = loader.table.commit(call, handle, pages.place(summary), &target)
            if status == Status.ok.rawValue {
                result = Target(id: target.id.string, url: target.url.string)
            }
            return status
        }
        return result
    }

    private func settle(_ answer: UInt64, _ name: String) throws {
        guard answer <= lastSequence else {
            throw Finding(
                "R-LOADER-5", expected: "durable is at most the last sequence, \(lastSequence)",
                happened: "\(answer)")
        }
        guard answer >= durable else {
            throw Finding(
                "R-LOADER-5", expected: "durable never goes back from \(durable)",
                happened: "\(name) says \(answer)")
        }
        durable = answer
        loader.bench.events.durable(answer)
    }
}

extension LentPages {
    func unit(_ info: UnitInfo) -> UnsafePointer<host_unit> {
        info.withBorder { raw in
            var copy = raw.pointee
            copy.kind = text(info.ref.kind)
            copy.project = text(info.ref.project)
            copy.id = text(info.ref.id)
            copy.name = text(info.name)
            copy.group = text(info.group)
            copy.state = text(info.state)
            copy.owner = text(info.owner)
            copy.parent = text(info.parent)
            copy.fork_parent = text(info.forkParent)
            copy.parent_target = text(info.parentTarget)
            copy.revision = text(info.revision)
            copy.key = text(info.key)
            copy.job = text(info.job)
            copy.source = text(info.source)
            return UnsafePointer(place(copy))
        }
    }
}
