// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostABI
internal import HostHTTP
internal import HostRecords

/// An open exporter, called as the border says.
///
/// Lifetime: `close` ends it, also when it is forgotten. Thread rule: that of `exporter.h`.
final class RawExporter: @unchecked Sendable {
    let bench: Bench
    let endpoint: TestEndpoint
    let table: host_exporter
    private var handle: OpaquePointer?

    init(_ bench: Bench, _ table: host_exporter, _ values: EndpointValues) throws {
        self.bench = bench
        self.table = table
        endpoint = try bench.endpoint(secrets: values.secrets)
        var out: OpaquePointer?
        try bench.perform("exporter.open", endpoint) { call, pages in
            table.open(call, pages.open(values), &out)
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
        bench.perform("exporter.close") { table.close(handle) }
    }

    func check() throws {
        try bench.perform("exporter.check", endpoint) { call, _ in table.check(call, handle) }
    }

    /// Any thread.
    func cancel() {
        table.cancel(handle)
        endpoint.queue?.cancelAll()
    }

    func list(projects: String = "", from cursor: [UInt8] = []) throws -> RawReader {
        try reader("exporter.list") { call, pages, out in
            table.list(call, handle, pages.text(projects), pages.bytes(cursor), out)
        }
    }

    func paths(_ unit: UnitRef) throws -> RawReader {
        try reader("exporter.paths") { call, pages, out in table.paths(call, handle, pages.ref(unit), out) }
    }

    func read(_ unit: UnitRef, from cursor: [UInt8] = []) throws -> RawReader {
        try reader("exporter.read") { call, pages, out in
            table.read(call, handle, pages.ref(unit), pages.bytes(cursor), out)
        }
    }

    private func reader(
        _ name: String,
        _ make: (OpaquePointer?, LentPages, UnsafeMutablePointer<OpaquePointer?>) -> host_status
    ) throws -> RawReader {
        var out: OpaquePointer?
        try bench.perform(name, endpoint) { call, pages in make(call, pages, &out) }
        guard let out else { throw Finding("R-LIFE-2", expected: "\(name) gives a reader", happened: "NULL") }
        return RawReader(self, out)
    }

    /// All bytes of a file.
    func blob(_ ref: [UInt8], most: Int = 256 << 20) throws -> (bytes: [UInt8], announced: Int64) {
        var blob = host_blob()
        blob.struct_size = UInt32(MemoryLayout<host_blob>.size)
        blob.fd = -1
        blob.size = -1
        try bench.perform("exporter.blob", endpoint) { call, pages in
            table.blob(call, handle, pages.bytesAsText(ref), &blob)
        }
        var bytes: [UInt8] = []
        if blob.fd >= 0 {
            defer { Foundation.close(blob.fd) }
            let source = try SourceBlob(descriptor: dup(blob.fd))
            bytes = [UInt8](repeating: 0, count: Int(min(source.size, Int64(most))))
            let count = try bytes.withUnsafeMutableBytes { try TestBlobs.fill($0, source.source, 0) }
            return (Array(bytes[..<count]), blob.size)
        }
        guard let reader = blob.reader else {
            throw Finding("R-EXPORT-15", expected: "blob gives a descriptor or a reader", happened: "neither")
        }
        defer { bench.perform("exporter.close_bytes") { table.close_bytes(reader) } }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < most {
            var got: Int64 = 0
            let status = try bench.perform("exporter.read_bytes", endpoint) { call, _ in
                buffer.withUnsafeMutableBufferPointer {
                    table.read_bytes(call, reader, $0.baseAddress, Int64($0.count), &got)
                }
            }
            if status == .end { break }
            guard got > 0, got <= Int64(buffer.count) else {
                throw Finding(
                    "R-EXPORT-15", expected: "read_bytes gives bytes or HOST_END", happened: "\(got) bytes")
            }
            bytes += buffer[..<Int(got)]
        }
        return (bytes, blob.size)
    }
}

/// One batch with what came beside it.
struct RawBatch {
    let batch: RecordBatch
    let cursor: [UInt8]
}

/// Batches as they come. Follows its exporter's thread rule; closed when it is forgotten.
final class RawReader {
    private let exporter: RawExporter
    private var handle: OpaquePointer?

    fileprivate init(_ exporter: RawExporter, _ handle: OpaquePointer) {
        self.exporter = exporter
        self.handle = handle
    }

    deinit { close() }

    func close() {
        guard let handle else { return }
        self.handle = nil
        exporter.bench.perform("exporter.close_reader") { exporter.table.close_reader(handle) }
    }

    /// nil at the end.
    func next() throws -> RawBatch? {
        var raw = host_batch()
        raw.struct_size = UInt32(MemoryLayout<host_batch>.size)
        let status = try exporter.bench.perform("exporter.next", exporter.endpoint) { call, _ in
            exporter.table.next(call, handle, &raw)
        }
        if status == .end { return nil }
        guard let table = Table(rawValue: raw.table.string) else {
            raw.array.release?(&raw.array)
            raw.schema.release?(&raw.schema)
            throw Finding(
                "R-EXPORT-1", expected: "a table of tables.h", happened: "'\(raw.table.string)'")
        }
        guard raw.cursor.size <= Int64(HOST_MAX_CURSOR_BYTES) else {
            throw Finding(
                "R-EXPORT-8", expected: "a cursor of at most \(HOST_MAX_CURSOR_BYTES) bytes",
                happened: "\(raw.cursor.size)")
        }
        let cursor = raw.cursor.array
        do {
            return RawBatch(
                batch: try RecordBatch(checking: raw.schema, raw.array, table: table), cursor: cursor)
        } catch {
            throw Finding("R-EXPORT-1", expected: "a valid batch of \(table.label)", happened: error.message)
        }
    }

    /// The rest; a reader that never ends is a finding.
    func all(most: Int = 100_000) throws -> [RawBatch] {
        var batches: [RawBatch] = []
        while let batch = try next() {
            batches.append(batch)
            guard batches.count < most else {
                throw Finding("R-FUZZ-2", expected: "the reader ends", happened: "\(most) batches and no end")
            }
        }
        return batches
    }
}

extension LentPages {
    func open(_ values: EndpointValues) -> UnsafePointer<host_open> {
        let size = UInt32(MemoryLayout<host_option_value>.size)
        let list = values.values.sorted { $0.key < $1.key }.map { index, value -> host_option_value in
            var entry = host_option_value()
            entry.struct_size = size
            entry.index = UInt32(index)
            switch value {
            case .text(let value): entry.text = text(value)
            case .integer(let value): entry.integer = value
            case .number(let value): entry.number = value
            }
            return entry
        }
        let place = list.withUnsafeBytes { copy($0) }
        return UnsafePointer(
            self.place(
                host_open(
                    struct_size: UInt32(MemoryLayout<host_open>.size), value_count: UInt32(list.count),
                    value_stride: UInt32(MemoryLayout<host_option_value>.stride), reserved: 0,
                    values: UnsafePointer(place.assumingMemoryBound(to: host_option_value.self)),
                    scope: text(values.scope))))
    }

    func ref(_ unit: UnitRef) -> UnsafePointer<host_unit_ref> {
        UnsafePointer(
            place(
                host_unit_ref(
                    struct_size: UInt32(MemoryLayout<host_unit_ref>.size), reserved: 0, kind: text(unit.kind),
                    project: text(unit.project), id: text(unit.id))))
    }
}
