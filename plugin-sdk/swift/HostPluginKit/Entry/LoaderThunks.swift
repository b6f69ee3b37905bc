// SPDX-License-Identifier: Apache-2.0

internal import CHost

private final class LoaderBox: InstanceBox {
    let loader: any Loader
    var instance: Any { loader }
    let lent = Lent()
    /// What `limits` lent last.
    var limits: BorderLimits?
    init(_ loader: any Loader) { self.loader = loader }
}

private final class LoadBox {
    let load: any UnitLoad
    let lent = Lent()
    init(_ load: any UnitLoad) { self.load = load }
}

/// The C functions of `host_loader` over the `Loader` that the plugin registered.
enum LoaderThunks {
    nonisolated(unsafe) static let table: UnsafePointer<host_loader> = {
        let table = UnsafeMutablePointer<host_loader>.allocate(capacity: 1)
        table.initialize(
            to: host_loader(
                struct_size: UInt32(MemoryLayout<host_loader>.size), reserved: 0, open: open, check: check,
                limits: limits, find: find, begin: begin, write: write, flush: flush, commit: commit,
                end: { Handle<LoadBox>.close($0) },
                cancel: { try? Handle<LoaderBox>.object($0).loader.cancel() },
                close: { Handle<LoaderBox>.close($0) }))
        return UnsafePointer(table)
    }()

    private static let open:
        @convention(c) (OpaquePointer?, UnsafePointer<host_open>?, UnsafeMutablePointer<OpaquePointer?>?)
            -> host_status = { call, args, out in
                barrier(call) { call throws(HostError) in
                    guard let args, let out, let type = PluginEntry.loaderType else { throw missingArgument }
                    let loader = try type.init(Options(args.pointee, specs: PluginEntry.options), call)
                    out.pointee = Handle.make(LoaderBox(loader))
                    return .ok
                }
            }

    private static let check: @convention(c) (OpaquePointer?, OpaquePointer?) -> host_status = { call, instance in
        barrier(call) { call throws(HostError) in
            try Handle<LoaderBox>.object(instance).loader.check(call)
            return .ok
        }
    }

    private static let limits:
        @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<UnsafePointer<host_limits>?>?)
            -> host_status = { call, instance, out in
                barrier(call) { call throws(HostError) in
                    guard let out else { throw missingArgument }
                    let box = try Handle<LoaderBox>.object(instance)
                    let limits = BorderLimits(try box.loader.limits(call))
                    box.limits = limits
                    out.pointee = UnsafePointer(limits.pointer)
                    return .ok
                }
            }

    private static let find:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafePointer<host_unit>?, UnsafeMutablePointer<host_found>?
        ) -> host_status = { call, instance, unit, out in
            barrier(call) { call throws(HostError) in
                guard let unit, let out else { throw missingArgument }
                let box = try Handle<LoaderBox>.object(instance)
                let found = try box.loader.find(UnitInfo(unit.pointee), call)
                out.pointee = found.border(box.lent.start())
                return .ok
            }
        }

    private static let begin:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafePointer<host_unit>?, UnsafePointer<host_found>?, Int32, UInt64,
            UnsafeMutablePointer<OpaquePointer?>?
        ) -> host_status = { call, instance, unit, found, how, resumeAfter, out in
            barrier(call) { call throws(HostError) in
                guard let unit, let found, let out, let mode = BeginMode(rawValue: how) else {
                    throw missingArgument
                }
                let load = try Handle<LoaderBox>.object(instance).loader.begin(
                    UnitInfo(unit.pointee), found: Found(found.pointee), mode: mode, resumeAfter: resumeAfter, call)
                out.pointee = Handle.make(LoadBox(load))
                return .ok
            }
        }

    private static let write:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<host_batch>?, UInt64, UnsafeMutablePointer<UInt64>?
        ) -> host_status = { call, load, batch, sequence, durable in
            barrier(call) { call throws(HostError) in
                guard let batch, let durable, let table = Table(rawValue: batch.pointee.table.string) else {
                    throw missingArgument
                }
                // Moved: from here on the batch is released here, whatever happens.
                let (schema, array) = (batch.pointee.schema, batch.pointee.array)
                batch.pointee.schema.release = nil
                batch.pointee.array.release = nil
                let records = try RecordBatch(checking: schema, array, table: table)
                durable.pointee = try Handle<LoadBox>.object(load).load.write(records, sequence: sequence, call)
                return .ok
            }
        }

    private static let flush:
        @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<UInt64>?) -> host_status = {
            call, load, durable in
            barrier(call) { call throws(HostError) in
                guard let durable else { throw missingArgument }
                durable.pointee = try Handle<LoadBox>.object(load).load.flush(call)
                return .ok
            }
        }

    private static let commit:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafePointer<host_commit>?, UnsafeMutablePointer<host_target>?
        ) -> host_status = { call, load, summary, out in
            barrier(call) { call throws(HostError) in
                guard let summary, let out else { throw missingArgument }
                let box = try Handle<LoadBox>.object(load)
                let rows: [Table: Int64] = [
                    .points: summary.pointee.points, .fields: summary.pointee.fields,
                    .series: summary.pointee.series, .histograms: summary.pointee.histograms,
                    .files: summary.pointee.files,
                ]
                let target = try box.load.commit(
                    CommitSummary(rows: rows, checksum: summary.pointee.checksum.string), call)
                let arena = box.lent.start()
                out.pointee = host_target(
                    struct_size: UInt32(MemoryLayout<host_target>.size), reserved: 0, id: arena.text(target.id),
                    url: arena.text(target.url))
                return .ok
            }
        }
}
