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
                    CallContext.from(call)?.log(severity, line.string)
                },
                cancelled: { CallContext.from($0)?.isCancelled == true ? 1 : 0 },
                last_error: { CallContext.from($0)?.lendError() },
                service: { HostTable.service($0.string) }))
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

    private static func service(_ id: String) -> UnsafeRawPointer? {
        switch id {
        case HOST_HTTP_SERVICE: UnsafeRawPointer(HTTPTable.pointer)
        case HOST_BLOB_SERVICE: UnsafeRawPointer(BlobTable.pointer)
        case HOST_SECRET_SERVICE: UnsafeRawPointer(SecretTable.pointer)
        default: nil
        }
    }
}
