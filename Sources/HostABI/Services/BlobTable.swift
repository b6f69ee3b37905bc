// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostHTTP
internal import HostRecords

/// `host.blob/1`: a `host_blob_handle` is a retained `SourceBlob`.
enum BlobTable {
    nonisolated(unsafe) static let pointer: UnsafePointer<host_blobs> = {
        let table = UnsafeMutablePointer<host_blobs>.allocate(capacity: 1)
        table.initialize(
            to: host_blobs(
                struct_size: UInt32(MemoryLayout<host_blobs>.size), reserved: 0, open: open, read: read,
                sha256: sha256,
                close: { handle in
                    guard let handle else { return }
                    Unmanaged<SourceBlob>.fromOpaque(UnsafeRawPointer(handle)).release()
                }))
        return UnsafePointer(table)
    }()

    static func blob(_ handle: OpaquePointer?) -> SourceBlob? {
        handle.map { Unmanaged<SourceBlob>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    private static let open:
        @convention(c) (
            OpaquePointer?, host_text, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<Int64>?
        ) -> host_status = { call, ref, out, size in
            guard let context = CallContext.from(call) else { return Status.invalidState.rawValue }
            return context.serve { () throws(HostError) in
                guard let out, let size, let openBlob = context.openBlob else {
                    throw HostError(.invalidState, "There is no unit whose blobs could be opened.")
                }
                let blob = try openBlob(ref.string)
                out.pointee = OpaquePointer(Unmanaged.passRetained(blob).toOpaque())
                size.pointee = blob.size
            }
        }

    private static let read:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, Int64, UnsafeMutablePointer<UInt8>?, Int64, UnsafeMutablePointer<Int64>?
        ) -> host_status = { call, handle, offset, buffer, capacity, got in
            guard let context = CallContext.from(call) else { return Status.invalidState.rawValue }
            return context.serve { () throws(HostError) in
                guard let blob = BlobTable.blob(handle), let buffer, let got, capacity >= 0, offset >= 0 else {
                    throw HostError(.invalidState, "A blob was read with wrong arguments.")
                }
                let target = UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity))
                got.pointee = Int64(try BlobTable.fill(target, from: blob.source, at: offset))
            }
        }

    private static func fill(
        _ target: UnsafeMutableRawBufferPointer, from source: FileBodySource, at offset: Int64
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

    private static let sha256:
        @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<UInt8>?) -> host_status = {
            call, handle, digest in
            guard let context = CallContext.from(call) else { return Status.invalidState.rawValue }
            return context.serve { () throws(HostError) in
                guard let blob = BlobTable.blob(handle), let digest else {
                    throw HostError(.invalidState, "A blob was hashed with wrong arguments.")
                }
                let hash = SHA256()
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
                defer { buffer.deallocate() }
                var offset: Int64 = 0
                while true {
                    let count = try BlobTable.fill(buffer, from: blob.source, at: offset)
                    if count == 0 { break }
                    hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    offset += Int64(count)
                }
                for (index, byte) in hash.digest().enumerated() { digest[index] = byte }
            }
        }
}

extension CallContext {
    /// Runs a service for the plugin; what it throws becomes the call's error.
    func serve(_ body: () throws(HostError) -> Void) -> host_status {
        do {
            try body()
            return Status.ok.rawValue
        } catch {
            fail(error)
            return error.status.rawValue
        }
    }
}
