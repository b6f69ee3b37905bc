// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostHTTP
internal import HostRecords

/// A loader in this process.
final class DirectLoader: LoaderInstance, @unchecked Sendable {
    let library: PluginLibrary
    let context: CallContext
    private let table: host_loader
    private let handle: OpaquePointer

    init(
        _ library: PluginLibrary, _ table: host_loader, _ values: OptionValues, context: CallContext
    ) throws(HostError) {
        self.library = library
        self.context = context
        self.table = table
        var out: OpaquePointer?
        let status = values.withBorder { table.open(context.pointer, $0, &out) }
        try context.check(status, "open")
        guard let out else { throw HostError(.internal, "open gave no instance.", subject: library.name) }
        handle = out
    }

    deinit { table.close(handle) }

    func cancel() {
        table.cancel(handle)
        context.queue?.cancelAll()
    }

    func check() throws(HostError) {
        try context.check(table.check(context.pointer, handle), "check")
    }

    func limits() throws(HostError) -> Limits {
        var out: UnsafePointer<host_limits>?
        try context.check(table.limits(context.pointer, handle, &out), "limits")
        guard let out, out.pointee.struct_size >= UInt32(MemoryLayout<host_limits>.size) else {
            throw HostError(.internal, "limits gave nothing, or too little.", subject: library.name)
        }
        return Limits(out.pointee)
    }

    func find(_ unit: UnitInfo) throws(HostError) -> Found {
        var raw = host_found()
        raw.struct_size = UInt32(MemoryLayout<host_found>.size)
        // A plugin may answer with views of what it was given, so they are copied while that is there.
        let (status, found) = unit.withBorder { unit -> (host_status, Found) in
            let status = table.find(context.pointer, handle, unit, &raw)
            return (status, status == Status.ok.rawValue ? Found(raw) : Found(.nothing))
        }
        try context.check(status, "find")
        return found
    }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64
    ) throws(HostError) -> any UnitWriter {
        let arena = TextArena()
        var raw = found.border(arena)
        var out: OpaquePointer?
        let status = withExtendedLifetime(arena) {
            unit.withBorder {
                table.begin(context.pointer, handle, $0, &raw, mode.rawValue, resumeAfter, &out)
            }
        }
        try context.check(status, "begin")
        guard let out else { throw HostError(.internal, "begin gave nothing.", subject: library.name) }
        return DirectWriter(self, table, out)
    }
}

/// A unit being written in this process.
final class DirectWriter: UnitWriter {
    private let instance: DirectLoader
    private let table: host_loader
    private let handle: OpaquePointer

    fileprivate init(_ instance: DirectLoader, _ table: host_loader, _ handle: OpaquePointer) {
        self.instance = instance
        self.table = table
        self.handle = handle
    }

    deinit { table.end(handle) }

    /// Hands the batch over; the answer is the highest durable sequence number.
    func write(_ batch: RecordBatch, sequence: UInt64) throws(HostError) -> UInt64 {
        var raw = host_batch()
        raw.struct_size = UInt32(MemoryLayout<host_batch>.size)
        batch.export(schema: &raw.schema, array: &raw.array)
        var durable: UInt64 = 0
        let status = withHostText(batch.table.rawValue) { name in
            raw.table = name
            return table.write(instance.context.pointer, handle, &raw, sequence, &durable)
        }
        // Whoever still finds a release callback here was not taken from: a loader that failed early.
        if let release = raw.array.release { release(&raw.array) }
        if let release = raw.schema.release { release(&raw.schema) }
        try instance.context.check(status, "write")
        return try checked(durable, upTo: sequence)
    }

    func flush(upTo sequence: UInt64) throws(HostError) -> UInt64 {
        var durable: UInt64 = 0
        try instance.context.check(table.flush(instance.context.pointer, handle, &durable), "flush")
        return try checked(durable, upTo: sequence)
    }

    func commit(_ summary: CommitSummary) throws(HostError) -> Target {
        var target = host_target()
        target.struct_size = UInt32(MemoryLayout<host_target>.size)
        let (status, answer) = withHostText(summary.checksum) { checksum -> (host_status, Target) in
            var raw = host_commit(
                struct_size: UInt32(MemoryLayout<host_commit>.size), reserved: 0,
                points: summary.rows[.points] ?? 0, fields: summary.rows[.fields] ?? 0,
                series: summary.rows[.series] ?? 0, histograms: summary.rows[.histograms] ?? 0,
                files: summary.rows[.files] ?? 0, checksum: checksum)
            let status = table.commit(instance.context.pointer, handle, &raw, &target)
            return (status, Target(id: target.id.string, url: target.url.string))
        }
        try instance.context.check(status, "commit")
        return answer
    }

    private func checked(_ durable: UInt64, upTo sequence: UInt64) throws(HostError) -> UInt64 {
        guard durable <= sequence else {
            throw HostError(
                .invalidState, "The plugin calls batch \(durable) durable, but only \(sequence) were written.",
                subject: instance.library.name)
        }
        return durable
    }
}
