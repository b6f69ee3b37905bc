// SPDX-License-Identifier: Apache-2.0

/// What went wrong, where, why, and what to do about it: the one error type of host, kit and plugins.
public struct HostError: Error, Sendable {
    public var status: Status
    /// `byStatus` lets the status decide; ask `retryClass` for the answer.
    public var retry: Retry
    /// What it is about: an option, a file, a URL's path, an attribute.
    public var subject: String
    /// One sentence for the user: what is wrong and why.
    public var message: String
    /// What to do; may be empty.
    public var remedy: String
    /// For a bug report; may be empty.
    public var detail: String
    /// 0 when no answer of a server is behind it.
    public var httpStatus: Int32
    /// 0 when unknown.
    public var retryAfterMilliseconds: Int64

    public init(
        _ status: Status, _ message: String, subject: String = "", remedy: String = "", detail: String = "",
        retry: Retry = .byStatus, httpStatus: Int32 = 0, retryAfterMilliseconds: Int64 = 0
    ) {
        self.status = status
        self.retry = retry
        self.subject = subject
        self.message = message
        self.remedy = remedy
        self.detail = detail
        self.httpStatus = httpStatus
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    public var retryClass: Retry { retry == .byStatus ? status.defaultRetry : retry }
}

extension HostError: CustomStringConvertible {
    public var description: String {
        let place = subject.isEmpty ? "" : "\(subject): "
        let remedy = remedy.isEmpty ? "" : " \(remedy)"
        return "\(place)\(message)\(remedy) [\(status.label)]"
    }
}
