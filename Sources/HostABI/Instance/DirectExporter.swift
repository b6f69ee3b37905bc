// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostHTTP
internal import HostRecords

/// An exporter in this process.
///
/// Thread rule: every call takes the instance's lock. `cancel` takes none.
final class DirectExporter: ExporterInstance, @unchecked Sendable {
    let library: PluginLibrary
    let context: CallContext
    private let table: host_exporter
    private let handle: OpaquePointer
    fileprivate let lock = NSLock()
    private let scratch: String

    /// Opens an instance. Files that the exporter can't give as local ones are spooled below `scratch`.
    init(
        _ library: PluginLibrary, _ table: host_exporter, _ values: OptionValues, context: CallContext,
        scratch: String
    ) throws(HostError) {
        self.library = library
        self.context = context
        self.table = table
        self.scratch = scratch
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
        try locked { () throws(HostError) in
            try context.check(table.check(context.pointer, handle), "check")
        }
    }

    func list(projects: [String], from cursor: [UInt8]) throws(HostError) -> any BatchReader {
        try reader("list") { out in
            withHostText(projects.joined(separator: "\n")) { projects in
                withHostBytes(cursor) { table.list(context.pointer, handle, projects, $0, out) }
            }
        }
    }

    func paths(_ unit: UnitRef) throws(HostError) -> any BatchReader {
        try reader("paths") { out in
            unit.withBorder { table.paths(context.pointer, handle, $0, out) }
        }
    }

    func read(_ unit: UnitRef, from cursor: [UInt8]) throws(HostError) -> any BatchReader {
        try reader("read") { out in
            unit.withBorder { unit in
                withHostBytes(cursor) { table.read(context.pointer, handle, unit, $0, out) }
            }
        }
    }

    /// Opens a file of the source; what is not a local file is spooled to an unlinked one first.
    func blob(_ ref: String) throws(HostError) -> SourceBlob {
        try locked { () throws(HostError) in
            var blob = host_blob()
            blob.struct_size = UInt32(MemoryLayout<host_blob>.size)
            blob.fd = -1
            try context.check(withHostText(ref) { table.blob(context.pointer, handle, $0, &blob) }, "blob")
            if blob.fd >= 0 { return try SourceBlob(descriptor: blob.fd) }
            guard let reader = blob.reader else { throw HostError(.internal, "blob gave nothing.", subject: ref) }
            defer { table.close_bytes(reader) }
            return try spool(reader, ref)
        }
    }

    private func spool(_ reader: OpaquePointer, _ ref: String) throws(HostError) -> SourceBlob {
        var path = Array("\(scratch)/.spool-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else {
            throw HostError(
                .io, "No scratch file can be made: \(String(cString: strerror(errno))).", subject: scratch,
                retry: .stop)
        }
        // Without a name, it is gone with its descriptor, however the process ends.
        unlink(path)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            var got: Int64 = 0
            let status = buffer.withUnsafeMutableBufferPointer {
                table.read_bytes(context.pointer, reader, $0.baseAddress, Int64($0.count), &got)
            }
            if context.isEnd(status) { break }
            do throws(HostError) {
                try context.check(status, "read_bytes")
                guard got > 0, got <= Int64(buffer.count) else {
                    throw HostError(.invalidState, "read_bytes gave \(got) bytes and no end.", subject: ref)
                }
            } catch {
                close(descriptor)
                throw error
            }
            let size = Int(got)
            guard buffer.withUnsafeBytes({ write(descriptor, $0.baseAddress, size) }) == size else {
                let reason = String(cString: strerror(errno))
                close(descriptor)
                throw HostError(.io, "The file can't be spooled: \(reason).", subject: scratch, retry: .stop)
            }
        }
        return try SourceBlob(descriptor: descriptor)
    }

    private func reader(
        _ name: String, _ make: (UnsafeMutablePointer<OpaquePointer?>) -> host_status
    ) throws(HostError) -> any BatchReader {
        try locked { () throws(HostError) in
            var out: OpaquePointer?
            try context.check(make(&out), name)
            guard let out else { throw HostError(.internal, "\(name) gave no reader.", subject: library.name) }
            return DirectReader(self, table, out)
        }
    }

    fileprivate func locked<Result>(_ body: () throws(HostError) -> Result) throws(HostError) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body()
    }
}

/// Batches of an exporter in this process.
final class DirectReader: BatchReader, @unchecked Sendable {
    private let instance: DirectExporter
    private let table: host_exporter
    private let handle: OpaquePointer

    fileprivate init(_ instance: DirectExporter, _ table: host_exporter, _ handle: OpaquePointer) {
        self.instance = instance
        self.table = table
        self.handle = handle
    }

    deinit {
        instance.lock.lock()
        table.close_reader(handle)
        instance.lock.unlock()
    }

    /// nil at the end. Losses that the exporter tells during the call reach the context's sink.
    func next() throws(HostError) -> (batch: RecordBatch, cursor: [UInt8])? {
        try instance.locked { () throws(HostError) in
            var raw = host_batch()
            raw.struct_size = UInt32(MemoryLayout<host_batch>.size)
            let status = table.next(instance.context.pointer, handle, &raw)
            if instance.context.isEnd(status) { return nil }
            try instance.context.check(status, "next")
            let name = raw.table.string
            guard let kind = Table(rawValue: name) else {
                if let release = raw.array.release { release(&raw.array) }
                if let release = raw.schema.release { release(&raw.schema) }
                throw HostError(
                    .invalidData, "The plugin handed over a batch of the table '\(name)', which does not exist.",
                    subject: instance.library.name)
            }
            let batch = try RecordBatch(checking: raw.schema, raw.array, table: kind)
            guard raw.cursor.size <= Int64(HOST_MAX_CURSOR_BYTES) else {
                throw HostError(
                    .invalidData, "A cursor of \(raw.cursor.size) bytes; at most \(HOST_MAX_CURSOR_BYTES).",
                    subject: instance.library.name)
            }
            return (batch, raw.cursor.array)
        }
    }
}
