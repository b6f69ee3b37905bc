// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
package import HostHTTP
package import HostRecords

/// The host's side of `host_call`: one for each instance, lent to every call into it.
///
/// Thread rule: `error` and `losses` belong to the thread that is in the call; `log` and `isCancelled` may come from
/// any thread of the plugin.
package final class CallContext: @unchecked Sendable {
    package typealias LogSink = @Sendable (LogSeverity, String) -> Void

    /// Names the endpoint in log lines: `mlflow (to)`.
    package internal(set) var label: String
    /// Whether log lines begin with it; a worker leaves that to the host.
    private let isLabelLogged: Bool
    package let queue: (any HTTPRequests)?
    package let redactor: Redactor
    private let cancelFlag: CancelFlag
    private let logSink: LogSink

    /// Gets each loss that the plugin tells; set by whoever runs the unit.
    package var onLoss: ((LossReport) -> Void)?
    /// Opens a blob of the unit that is being written; set for loaders.
    package var openBlob: ((String) throws(HostError) -> SourceBlob)?

    /// Is told each secret that the plugin wants protected, besides the redactor.
    var onSecret: ((String) -> Void)?
    /// Takes each row of an action's table; set while one runs.
    var onRow: (([host_option_value]) throws(HostError) -> Void)?

    private let lock = NSLock()
    private var failure: HostError?
    private var lent = TextArena()
    private let lentError = UnsafeMutablePointer<host_error_info>.allocate(capacity: 1)
    /// Answers of the HTTP service that the plugin has not given back yet.
    var answers: [UInt64: LentAnswer] = [:]

    package init(
        label: String, queue: (any HTTPRequests)?, redactor: Redactor, cancelFlag: CancelFlag, isLabelLogged: Bool = true,
        log: @escaping LogSink
    ) {
        self.label = label
        self.isLabelLogged = isLabelLogged
        self.queue = queue
        self.redactor = redactor
        self.cancelFlag = cancelFlag
        logSink = log
        lentError.initialize(to: host_error_info())
    }

    deinit { lentError.deallocate() }

    /// The `host_call` pointer; valid as long as this object.
    var pointer: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

    static func from(_ call: OpaquePointer?) -> CallContext? {
        call.map { Unmanaged<CallContext>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    var isCancelled: Bool { cancelFlag.isSet }

    func log(_ severity: LogSeverity, _ line: String) {
        logSink(severity, (isLabelLogged ? "\(label): " : "") + redactor.clean(line))
    }

    func fail(_ error: HostError) {
        var error = error
        error.subject = redactor.clean(error.subject)
        error.message = redactor.clean(error.message)
        error.remedy = redactor.clean(error.remedy)
        error.detail = redactor.clean(error.detail)
        lock.withLock { failure = error }
    }

    /// The error of the last call that failed, lent to the plugin until the next time.
    func lendError() -> UnsafePointer<host_error_info>? {
        lock.withLock {
            guard let failure else { return nil }
            lent = TextArena()
            lentError.pointee = failure.border(lent)
            return UnsafePointer(lentError)
        }
    }

    /// Whether a reader has no more. What failed and was overcome meanwhile is no error of a later call.
    func isEnd(_ raw: host_status) -> Bool {
        guard Status(rawValue: raw) == .end else { return false }
        lock.withLock { failure = nil }
        return true
    }

    /// Turns a status into an error: what the plugin told, or a sentence that it told nothing.
    func check(_ raw: host_status, _ function: String) throws(HostError) {
        let status = Status(rawValue: raw)
        let told = lock.withLock {
            defer { failure = nil }
            return failure
        }
        guard status != .ok else { return }
        if isCancelled, status == .cancelled {
            throw HostError(.cancelled, "Stopped on request.", retry: .stop)
        }
        if var told {
            told.status = status
            throw told
        }
        throw HostError(status, "The plugin's \(function) failed and did not say why.", subject: label)
    }
}

package enum LogSeverity: Int32, Sendable, Comparable {
    case debug = 1
    case info = 2
    case warning = 3
    case error = 4

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var label: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }
}

/// Set once when the user asks to stop. Any thread, also a signal's.
package final class CancelFlag: @unchecked Sendable {
    private let lock = NSLock()
    private var isOn = false

    package init() {}
    package func set() { lock.withLock { isOn = true } }
    package var isSet: Bool { lock.withLock { isOn } }
}
