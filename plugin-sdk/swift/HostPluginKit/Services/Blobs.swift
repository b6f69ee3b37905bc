// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// The bytes of a file of the source, opened for the call's unit.
///
/// Lifetime: until it is released; a request that still sends it keeps what it needs.
/// Thread rule: that of the instance that opened it.
public final class OpenBlob {
    let handle: OpaquePointer
    private let service: UnsafePointer<host_blobs>
    /// Bytes.
    public let size: Int64

    fileprivate init(handle: OpaquePointer, service: UnsafePointer<host_blobs>, size: Int64) {
        self.handle = handle
        self.service = service
        self.size = size
    }

    deinit { service.pointee.close(handle) }

    /// Fewer than `count` bytes only at the end.
    public func read(at offset: Int64, count: Int, _ call: Call) throws(HostError) -> [UInt8] {
        var got: Int64 = 0
        var status: host_status = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            status = service.pointee.read(call.handle, handle, offset, buffer.baseAddress, Int64(count), &got)
            used = max(0, min(Int(got), count))
        }
        try call.check(status)
        return bytes
    }

    /// Lower-case hexadecimal; reads the whole blob once.
    public func sha256(_ call: Call) throws(HostError) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let status = digest.withUnsafeMutableBufferPointer {
            service.pointee.sha256(call.handle, handle, $0.baseAddress)
        }
        try call.check(status)
        return digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension Call {
    /// Opens the `blob` column of a files row.
    public func open(blob ref: String) throws(HostError) -> OpenBlob {
        guard let service = service(HOST_BLOB_SERVICE, as: host_blobs.self) else {
            throw HostError(.unsupported, "This host has no blob service.", subject: HOST_BLOB_SERVICE)
        }
        var out: OpaquePointer?
        var size: Int64 = 0
        try check(withHostText(ref) { service.pointee.open(handle, $0, &out, &size) })
        guard let out else { throw HostError(.internal, "The blob service gave no blob.", subject: ref) }
        return OpenBlob(handle: out, service: service, size: size)
    }
}
