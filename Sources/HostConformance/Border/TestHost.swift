// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostABI
internal import HostRecords

/// The kit's own `host_api`: it looks closer than the host's, and can be of another age or without services.
enum TestHost {
    enum Kind: Sendable {
        case whole
        /// As version 0.1 had it: without `row`.
        case older
        /// No service is known.
        case bare
    }

    /// Size of `host_api` before `row` was appended.
    static let olderSize = UInt32(MemoryLayout<host_api>.offset(of: \.row) ?? 0)

    static func pointer(_ kind: Kind) -> UnsafePointer<host_api> {
        switch kind {
        case .whole: whole
        case .older: older
        case .bare: bare
        }
    }

    nonisolated(unsafe) private static let whole = make(
        UInt32(MemoryLayout<host_api>.size), UInt32(HOST_ABI_MINOR)
    ) {
        TestHost.service($0)
    }
    nonisolated(unsafe) private static let bare = make(
        UInt32(MemoryLayout<host_api>.size), UInt32(HOST_ABI_MINOR)
    ) {
        _ in nil
    }

    /// Ends with the page behind it inaccessible, so that reading past its size is found.
    nonisolated(unsafe) private static let older: UnsafePointer<host_api> = {
        let source = make(olderSize, 1) { TestHost.service($0) }
        guard let pages = mmap(nil, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pages != MAP_FAILED
        else { return source }
        mprotect(pages + 4096, 4096, PROT_NONE)
        let place = pages + 4096 - Int(olderSize)
        place.copyMemory(from: source, byteCount: Int(olderSize))
        return UnsafePointer(place.assumingMemoryBound(to: host_api.self))
    }()

    private static func make(
        _ size: UInt32, _ minor: UInt32, _ service: @escaping @convention(c) (host_text) -> UnsafeRawPointer?
    ) -> UnsafePointer<host_api> {
        let table = UnsafeMutablePointer<host_api>.allocate(capacity: 1)
        table.initialize(
            to: host_api(
                struct_size: size, abi_minor: minor,
                fail: { call, info in TestHost.fail(call, info) },
                loss: { call, loss in TestHost.loss(call, loss) },
                log: { call, _, line in
                    _ = TestCall.from(call)?.text(line, "a log line", longest: Int(HOST_MAX_LOG_BYTES))
                },
                cancelled: { TestCall.from($0)?.endpoint.cancel.isSet == true ? 1 : 0 },
                last_error: { TestCall.from($0)?.lendError() },
                service: service,
                row: { call, cells, count, stride in
                    TestCall.from(call)?.endpoint.onRow?(cells, count, stride) ?? Status.invalidState.rawValue
                }))
        return UnsafePointer(table)
    }

    private static func fail(_ raw: OpaquePointer?, _ info: UnsafePointer<host_error_info>?) {
        guard let call = TestCall.from(raw), let info else { return }
        guard info.pointee.struct_size == UInt32(MemoryLayout<host_error_info>.size) else {
            call.bench.note(
                "R-LOAD-4", expected: "host_error_info says its true size",
                happened: "\(info.pointee.struct_size)")
            return
        }
        let longest = Int(HOST_MAX_ERROR_BYTES)
        for (text, what) in [
            (info.pointee.subject, "an error's subject"), (info.pointee.message, "an error's message"),
            (info.pointee.remedy, "an error's remedy"), (info.pointee.detail, "an error's detail"),
        ] {
            _ = call.text(text, what, longest: longest)
        }
        call.fail(HostError(info.pointee))
    }

    private static func loss(_ raw: OpaquePointer?, _ loss: UnsafePointer<host_loss>?) {
        guard let call = TestCall.from(raw), let loss else { return }
        guard loss.pointee.struct_size == UInt32(MemoryLayout<host_loss>.size),
            let table = Table(rawValue: loss.pointee.table.string),
            let kind = LossKind(rawValue: loss.pointee.kind)
        else {
            call.bench.note(
                "R-LOADER-9", expected: "a loss names its kind and table",
                happened: "kind \(loss.pointee.kind), table '\(loss.pointee.table.string)', "
                    + "size \(loss.pointee.struct_size)")
            return
        }
        call.endpoint.losses.append(
            LossReport(
                kind, table, call.text(loss.pointee.code, "a loss's code"), rows: loss.pointee.rows,
                path: call.text(loss.pointee.path, "a loss's path"),
                note: call.text(loss.pointee.note, "a loss's note")))
    }

    private static func service(_ id: host_text) -> UnsafeRawPointer? {
        switch id.string {
        case HOST_HTTP_SERVICE: UnsafeRawPointer(TestHTTP.pointer)
        case HOST_BLOB_SERVICE: UnsafeRawPointer(TestBlobs.pointer)
        case HOST_SECRET_SERVICE: UnsafeRawPointer(TestSecrets.pointer)
        default: nil
        }
    }
}
