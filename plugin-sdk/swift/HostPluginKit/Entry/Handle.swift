// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// A Swift object as an opaque C handle: `make` retains it, `close` lets go.
enum Handle<Object: AnyObject> {
    static func make(_ object: Object) -> OpaquePointer {
        OpaquePointer(Unmanaged.passRetained(object).toOpaque())
    }

    static func object(_ handle: OpaquePointer?) throws(HostError) -> Object {
        guard let handle else {
            throw HostError(.invalidState, "The host called the plugin without a handle.")
        }
        return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
    }

    static func close(_ handle: OpaquePointer?) {
        guard let handle else { return }
        Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release()
    }
}

/// The barrier around every entry: no Swift error leaves a plugin.
func barrier(_ call: OpaquePointer?, _ body: (Call) throws(HostError) -> Status) -> host_status {
    let call = Call(call)
    do {
        return try body(call).rawValue
    } catch {
        call.fail(error)
        return error.status.rawValue
    }
}

/// Texts and bytes that a callee lends until its next call.
final class Lent {
    private var arena = TextArena()
    private var bytes: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 0)

    deinit { bytes.deallocate() }

    /// Makes what was lent before invalid.
    func start() -> TextArena {
        arena = TextArena()
        return arena
    }

    func lend(_ source: [UInt8]) -> host_bytes {
        bytes.deallocate()
        bytes = .allocate(capacity: source.count)
        _ = bytes.initialize(from: source)
        return host_bytes(data: bytes.baseAddress, size: Int64(source.count))
    }
}
