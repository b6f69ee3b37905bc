// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// How a call across the border ended; the constants of `status.h`.
///
/// A struct and not an enum, so that a code from a newer side is carried through unharmed.
public struct Status: RawRepresentable, Hashable, Sendable {
    public var rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }
    init(_ constant: Int) { rawValue = Int32(constant) }

    public static let ok = Status(HOST_OK)
    public static let end = Status(HOST_END)
    public static let cancelled = Status(HOST_CANCELLED)
    public static let invalidOption = Status(HOST_INVALID_OPTION)
    public static let invalidState = Status(HOST_INVALID_STATE)
    public static let `internal` = Status(HOST_INTERNAL)
    public static let invalidData = Status(HOST_INVALID_DATA)
    public static let unsupported = Status(HOST_UNSUPPORTED)
    public static let notFound = Status(HOST_NOT_FOUND)
    public static let conflict = Status(HOST_CONFLICT)
    public static let limit = Status(HOST_LIMIT)
    public static let auth = Status(HOST_AUTH)
    public static let forbidden = Status(HOST_FORBIDDEN)
    public static let rateLimited = Status(HOST_RATE_LIMITED)
    public static let unavailable = Status(HOST_UNAVAILABLE)
    public static let timeout = Status(HOST_TIMEOUT)
    public static let io = Status(HOST_IO)

    /// What the host does when the error itself does not say.
    public var defaultRetry: Retry {
        switch self {
        case .rateLimited, .unavailable, .timeout: .later
        case .auth, .forbidden, .cancelled, .invalidOption: .stop
        default: .never
        }
    }

    /// The code in words, for messages and reports.
    public var label: String {
        switch self {
        case .ok: "ok"
        case .end: "end"
        case .cancelled: "cancelled"
        case .invalidOption: "invalid-option"
        case .invalidState: "invalid-state"
        case .internal: "internal"
        case .invalidData: "invalid-data"
        case .unsupported: "unsupported"
        case .notFound: "not-found"
        case .conflict: "conflict"
        case .limit: "limit"
        case .auth: "auth"
        case .forbidden: "forbidden"
        case .rateLimited: "rate-limited"
        case .unavailable: "unavailable"
        case .timeout: "timeout"
        case .io: "io"
        default: "status-\(rawValue)"
        }
    }
}

/// What to do after an error; the `HOST_RETRY_…` constants of `status.h`.
public enum Retry: Int32, Sendable {
    case byStatus = 0
    /// The unit has failed for good.
    case never = 1
    /// Passing trouble: the same again after a pause.
    case later = 2
    /// No unit can succeed: the job stops.
    case stop = 3
}
