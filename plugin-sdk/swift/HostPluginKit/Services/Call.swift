// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// The host's record of the call that runs: where losses and log lines find their unit, and where services are.
///
/// Lifetime: valid until the call returns; never store it.
public struct Call {
    let handle: OpaquePointer?
    let api: UnsafePointer<host_api>?

    init(_ handle: OpaquePointer?) {
        self.handle = handle
        api = PluginEntry.api
    }

    /// Counts a loss of the call's unit. Tell it when the record is handled: a loss is final once it is told.
    public func loss(_ report: LossReport) {
        let arena = TextArena()
        var loss = host_loss(
            struct_size: UInt32(MemoryLayout<host_loss>.size), kind: report.kind.rawValue, rows: report.rows,
            table: arena.text(report.table.rawValue), code: arena.text(report.code), path: arena.text(report.path),
            note: arena.text(report.note))
        withExtendedLifetime(arena) { api?.pointee.loss(handle, &loss) }
    }

    public func log(_ level: LogLevel, _ line: String) {
        withHostText(line) { api?.pointee.log(handle, level.rawValue, $0) }
    }

    /// True once the user asked to stop.
    public var isCancelled: Bool {
        guard let api else { return false }
        return api.pointee.cancelled(handle) != 0
    }

    func fail(_ error: HostError) {
        let arena = TextArena()
        var info = error.border(arena)
        withExtendedLifetime(arena) { api?.pointee.fail(handle, &info) }
    }

    /// Why the last service call failed.
    func lastError(_ status: Status) -> HostError {
        guard let info = api?.pointee.last_error(handle) else {
            return HostError(status, "A service of the host failed and did not say why.")
        }
        return HostError(info.pointee)
    }

    func service<Service>(_ id: String, as type: Service.Type) -> UnsafePointer<Service>? {
        withHostText(id) { api?.pointee.service($0) }.map { $0.assumingMemoryBound(to: Service.self) }
    }
}

public enum LogLevel: Int32, Sendable {
    case debug = 1
    case info = 2
    case warning = 3
    case error = 4
}

extension Call {
    /// Keeps `secret` out of every log line, error and report from now on.
    public func protect(_ secret: String) {
        guard let service = service(HOST_SECRET_SERVICE, as: host_secrets.self) else { return }
        withHostText(secret) { service.pointee.protect(handle, $0) }
    }
}
