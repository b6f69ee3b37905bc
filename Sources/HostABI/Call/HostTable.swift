// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// The `host_api` that every plugin is given: plain functions that find their way through the call.
enum HostTable {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_api> = {
        let table = UnsafeMutablePointer<host_api>.allocate(capacity: 1)
        table.initialize(
            to: host_api(
                struct_size: UInt32(MemoryLayout<host_api>.size), abi_minor: UInt32(HOST_ABI_MINOR),
                fail: { call, info in
                    guard let info, let context = CallContext.from(call) else { return }
                    guard info.pointee.struct_size >= UInt32(MemoryLayout<host_error_info>.size) else {
                        return context.fail(HostTable.smallStruct)
                    }
                    context.fail(HostError(info.pointee))
                },
                loss: { call, loss in
                    guard let context = CallContext.from(call), let loss else { return }
                    guard loss.pointee.struct_size >= UInt32(MemoryLayout<host_loss>.size) else {
                        context.onLoss?(
                            LossReport(.dropped, .fields, "loss.invalid", note: HostTable.smallStruct.message))
                        return
                    }
                    HostTable.loss(context, loss.pointee)
                },
                log: { call, level, line in
                    let severity = LogSeverity(rawValue: level) ?? .info
                    CallContext.from(call)?.log(severity, line.string(upTo: Int(HOST_MAX_LOG_BYTES)))
                },
                cancelled: { CallContext.from($0)?.isCancelled == true ? 1 : 0 },
                last_error: { CallContext.from($0)?.lendError() },
                service: { HostTable.service($0.string) },
                row: { call, cells, count, stride in HostTable.row(call, cells, count, stride) }))
        return UnsafePointer(table)
    }()

    private static let smallStruct = HostError(
        .invalidState, "The plugin told something in a struct that is too small.", retry: .never)

    private static func loss(_ context: CallContext, _ loss: host_loss) {
        guard let table = Table(rawValue: loss.table.string), let kind = LossKind(rawValue: loss.kind) else {
            context.log(
                .warning, "the plugin told a loss of kind \(loss.kind) in table '\(loss.table.string)', "
                    + "which do not exist; it is counted as dropped fields")
            context.onLoss?(
                LossReport(.dropped, .fields, "loss.invalid", rows: loss.rows, path: loss.path.string,
                    note: loss.note.string))
            return
        }
        context.onLoss?(
            LossReport(
                kind, table, loss.code.string, rows: loss.rows, path: loss.path.string, note: loss.note.string))
    }

    private static func row(
        _ call: OpaquePointer?, _ cells: UnsafePointer<host_option_value>?, _ count: UInt32, _ stride: UInt32
    ) -> host_status {
        guard let context = CallContext.from(call) else { return Status.invalidState.rawValue }
        return context.serve { () throws(HostError) in
            guard let onRow = context.onRow else {
                throw HostError(.invalidState, "A row was given where no table is wanted.")
            }
            guard count == 0 || cells != nil && Int(stride) >= MemoryLayout<host_option_value>.size else {
                throw HostError(.invalidState, "A row was given in structs that are too small.")
            }
            let raw = UnsafeRawPointer(cells)
            try onRow((0..<Int(count)).compactMap { index in
                raw.map { ($0 + index * Int(stride)).loadUnaligned(as: host_option_value.self) }
            })
        }
    }

    private static func service(_ id: String) -> UnsafeRawPointer? {
        switch id {
        case HOST_HTTP_SERVICE: UnsafeRawPointer(HTTPTable.pointer)
        case HOST_BLOB_SERVICE: UnsafeRawPointer(BlobTable.pointer)
        case HOST_SECRET_SERVICE: UnsafeRawPointer(SecretTable.pointer)
        default: nil
        }
    }
}
