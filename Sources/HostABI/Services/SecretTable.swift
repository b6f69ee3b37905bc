// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostHTTP
internal import HostRecords

/// `host.secret/1` over the job's redactor.
enum SecretTable {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_secrets> = {
        let table = UnsafeMutablePointer<host_secrets>.allocate(capacity: 1)
        table.initialize(
            to: host_secrets(
                struct_size: UInt32(MemoryLayout<host_secrets>.size), reserved: 0,
                protect: { call, secret in
                    guard let context = CallContext.from(call) else { return }
                    context.redactor.protect(secret.string)
                    context.onSecret?(secret.string)
                }))
        return UnsafePointer(table)
    }()
}
