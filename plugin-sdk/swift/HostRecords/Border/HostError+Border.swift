// SPDX-License-Identifier: Apache-2.0

public import CHost

extension HostError {
    /// A copy of what the other side told.
    public init(_ info: host_error_info) {
        let most = Int(HOST_MAX_ERROR_BYTES)
        self.init(
            Status(rawValue: info.status), info.message.string(upTo: most), subject: info.subject.string(upTo: most),
            remedy: info.remedy.string(upTo: most), detail: info.detail.string(upTo: most), retry: Retry(rawValue: info.retry) ?? .byStatus,
            httpStatus: info.http_status, retryAfterMilliseconds: info.retry_after_ms)
    }

    /// Views into `arena`.
    public func border(_ arena: TextArena) -> host_error_info {
        host_error_info(
            struct_size: UInt32(MemoryLayout<host_error_info>.size), status: status.rawValue, retry: retry.rawValue,
            http_status: httpStatus, retry_after_ms: retryAfterMilliseconds, subject: arena.text(subject),
            message: arena.text(message), remedy: arena.text(remedy), detail: arena.text(detail))
    }
}
