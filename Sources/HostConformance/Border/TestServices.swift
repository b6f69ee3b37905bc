// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostABI
internal import HostHTTP
internal import HostRecords

/// `host.blob/1` over what the test gives: a `host_blob_handle` is a retained `SourceBlob`.
enum TestBlobs {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_blobs> = {
        let table = UnsafeMutablePointer<host_blobs>.allocate(capacity: 1)
        table.initialize(
            to: host_blobs(
                struct_size: UInt32(MemoryLayout<host_blobs>.size), reserved: 0,
                open: { call, ref, out, size in
                    guard let call = TestCall.from(call) else { return Status.invalidState.rawValue }
                    let name = call.text(ref, "a blob's reference")
                    return call.serve { () throws(HostError) in
                        guard let out, let size, let open = call.endpoint.openBlob else { throw misuse }
                        let blob = try open(name)
                        out.pointee = OpaquePointer(Unmanaged.passRetained(blob).toOpaque())
                        size.pointee = blob.size
                    }
                },
                read: { call, handle, offset, buffer, capacity, got in
                    guard let call = TestCall.from(call) else { return Status.invalidState.rawValue }
                    return call.serve { () throws(HostError) in
                        guard let blob = object(handle), let buffer, let got, capacity >= 0, offset >= 0
                        else {
                            throw misuse
                        }
                        let target = UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity))
                        got.pointee = Int64(try fill(target, blob.source, offset))
                    }
                },
                sha256: { call, handle, digest in
                    guard let call = TestCall.from(call) else { return Status.invalidState.rawValue }
                    return call.serve { () throws(HostError) in
                        guard let blob = object(handle), let digest else { throw misuse }
                        for (index, byte) in try SHA256(of: blob).enumerated() { digest[index] = byte }
                    }
                },
                close: { handle in
                    guard let handle else { return }
                    Unmanaged<SourceBlob>.fromOpaque(UnsafeRawPointer(handle)).release()
                }))
        return UnsafePointer(table)
    }()

    private static let misuse = HostError(.invalidState, "The blob service was called with wrong arguments.")

    static func object(_ handle: OpaquePointer?) -> SourceBlob? {
        handle.map { Unmanaged<SourceBlob>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    static func fill(
        _ target: UnsafeMutableRawBufferPointer, _ source: FileBodySource, _ offset: Int64
    ) throws(HostError) -> Int {
        var filled = 0
        while filled < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            let count = try source.read(at: offset + Int64(filled), into: rest)
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    private static func SHA256(of blob: SourceBlob) throws(HostError) -> [UInt8] {
        let hash = HostHTTP.SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset: Int64 = 0
        while true {
            var count = 0
            var failure: HostError?
            buffer.withUnsafeMutableBytes { bytes in
                do throws(HostError) { count = try fill(bytes, blob.source, offset) } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if count == 0 { return hash.digest() }
            hash.update(buffer[..<count])
            offset += Int64(count)
        }
    }
}

/// `host.secret/1`: what is protected is looked for in all that the plugin says.
enum TestSecrets {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_secrets> = {
        let table = UnsafeMutablePointer<host_secrets>.allocate(capacity: 1)
        table.initialize(
            to: host_secrets(
                struct_size: UInt32(MemoryLayout<host_secrets>.size), reserved: 0,
                protect: { call, secret in
                    _ = TestCall.from(call)?.endpoint
                    _ = secret.string
                }))
        return UnsafePointer(table)
    }()
}
