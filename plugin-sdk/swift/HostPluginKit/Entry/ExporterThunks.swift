// SPDX-License-Identifier: Apache-2.0

internal import CHost

private final class ExporterBox: InstanceBox {
    let exporter: any Exporter
    var instance: Any { exporter }
    init(_ exporter: any Exporter) { self.exporter = exporter }
}

private final class ReaderBox {
    let source: any BatchSource
    let lent = Lent()
    init(_ source: any BatchSource) { self.source = source }
}

private final class BytesBox {
    let source: any ByteSource
    init(_ source: any ByteSource) { self.source = source }
}

/// The C functions of `host_exporter` over the `Exporter` that the plugin registered.
enum ExporterThunks {
    nonisolated(unsafe) static let table: UnsafePointer<host_exporter> = {
        let table = UnsafeMutablePointer<host_exporter>.allocate(capacity: 1)
        table.initialize(
            to: host_exporter(
                struct_size: UInt32(MemoryLayout<host_exporter>.size), reserved: 0, open: open, check: check,
                list: list, paths: paths, read: read, next: next, close_reader: { Handle<ReaderBox>.close($0) },
                blob: blob, read_bytes: readBytes, close_bytes: { Handle<BytesBox>.close($0) },
                cancel: { try? Handle<ExporterBox>.object($0).exporter.cancel() },
                close: { Handle<ExporterBox>.close($0) }))
        return UnsafePointer(table)
    }()

    private typealias Out = UnsafeMutablePointer<OpaquePointer?>

    private static let open:
        @convention(c) (OpaquePointer?, UnsafePointer<host_open>?, UnsafeMutablePointer<OpaquePointer?>?)
            -> host_status = { call, args, out in
                barrier(call) { call throws(HostError) in
                    guard let args, let out, let type = PluginEntry.exporterType else { throw missingArgument }
                    let exporter = try type.init(Options(args.pointee, specs: PluginEntry.options), call)
                    out.pointee = Handle.make(ExporterBox(exporter))
                    return .ok
                }
            }

    private static let check: @convention(c) (OpaquePointer?, OpaquePointer?) -> host_status = { call, instance in
        barrier(call) { call throws(HostError) in
            try Handle<ExporterBox>.object(instance).exporter.check(call)
            return .ok
        }
    }

    private static let list:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, host_text, host_bytes, UnsafeMutablePointer<OpaquePointer?>?
        ) -> host_status = { call, instance, projects, cursor, out in
            barrier(call) { call throws(HostError) in
                guard let out else { throw missingArgument }
                let patterns = projects.string.split(separator: "\n").map(String.init)
                let source = try Handle<ExporterBox>.object(instance).exporter.list(
                    projects: patterns, from: cursor.array, call)
                out.pointee = Handle.make(ReaderBox(source))
                return .ok
            }
        }

    private static let paths:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafePointer<host_unit_ref>?, UnsafeMutablePointer<OpaquePointer?>?
        ) -> host_status = { call, instance, unit, out in
            barrier(call) { call throws(HostError) in
                guard let unit, let out else { throw missingArgument }
                let source = try Handle<ExporterBox>.object(instance).exporter.paths(UnitRef(unit.pointee), call)
                out.pointee = Handle.make(ReaderBox(source))
                return .ok
            }
        }

    private static let read:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafePointer<host_unit_ref>?, host_bytes,
            UnsafeMutablePointer<OpaquePointer?>?
        ) -> host_status = { call, instance, unit, cursor, out in
            barrier(call) { call throws(HostError) in
                guard let unit, let out else { throw missingArgument }
                let source = try Handle<ExporterBox>.object(instance).exporter.read(
                    UnitRef(unit.pointee), from: cursor.array, call)
                out.pointee = Handle.make(ReaderBox(source))
                return .ok
            }
        }

    private static let next:
        @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<host_batch>?) -> host_status = {
            call, reader, out in
            barrier(call) { call throws(HostError) in
                guard let out else { throw missingArgument }
                let box = try Handle<ReaderBox>.object(reader)
                guard let next = try box.source.next(call) else { return .end }
                let arena = box.lent.start()
                out.pointee.table = arena.text(next.batch.table.rawValue)
                out.pointee.cursor = box.lent.lend(next.cursor)
                next.batch.export(schema: &out.pointee.schema, array: &out.pointee.array)
                return .ok
            }
        }

    private static let blob:
        @convention(c) (OpaquePointer?, OpaquePointer?, host_text, UnsafeMutablePointer<host_blob>?) -> host_status = {
            call, instance, ref, out in
            barrier(call) { call throws(HostError) in
                guard let out else { throw missingArgument }
                switch try Handle<ExporterBox>.object(instance).exporter.blob(ref.string, call) {
                case .file(let descriptor, let size):
                    out.pointee.fd = descriptor
                    out.pointee.size = size
                    out.pointee.reader = nil
                case .bytes(let source, let size):
                    out.pointee.fd = -1
                    out.pointee.size = size ?? -1
                    out.pointee.reader = Handle.make(BytesBox(source))
                }
                return .ok
            }
        }

    private static let readBytes:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<UInt8>?, Int64, UnsafeMutablePointer<Int64>?
        ) -> host_status = { call, reader, buffer, capacity, got in
            barrier(call) { call throws(HostError) in
                guard let buffer, let got else { throw missingArgument }
                let bytes = try Handle<BytesBox>.object(reader).source.next(capacity: Int(capacity), call)
                got.pointee = Int64(bytes.count)
                for (index, byte) in bytes.enumerated() { buffer[index] = byte }
                return bytes.isEmpty ? .end : .ok
            }
        }
}

let missingArgument = HostError(.invalidState, "The host called the plugin without a needed argument.")
