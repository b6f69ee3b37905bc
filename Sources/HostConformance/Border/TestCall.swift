// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostABI
internal import HostHTTP
internal import HostRecords

/// What the kit keeps of one open instance: its requests, its losses, its secrets.
///
/// Thread rule: as `CallContext`: one thread is in a call at a time; `isCancelled` is read by any.
final class TestEndpoint: @unchecked Sendable {
    let queue: HTTPQueue?
    let cancel = CancelFlag()
    var losses: [LossReport] = []
    var answers: [UInt64: TestAnswer] = [:]
    var lastFailure: HostError?
    /// Opens a blob of the unit that is being written.
    var openBlob: ((String) throws(HostError) -> SourceBlob)?
    /// Takes each row of an action's table.
    var onRow: ((UnsafePointer<host_option_value>?, UInt32, UInt32) -> host_status)?
    /// Stands in front of the network: an answer of its own, or nil to let the request go.
    var fault: ((HTTPRequest) -> Result<HTTPAnswer, HostError>?)?
    var requests = 0
    /// Answers and errors that `fault` made, by ticket.
    var made: [UInt64: Result<HTTPAnswer, HostError>] = [:]
    let secrets: [String]

    init(queue: HTTPQueue?, secrets: [String]) {
        self.queue = queue
        self.secrets = secrets
    }
}

/// One call into the plugin. Its `host_call` is a number and no address: a call that has returned is recognised,
/// whatever the plugin does with it.
final class TestCall: @unchecked Sendable {
    let endpoint: TestEndpoint
    let name: String
    let bench: Bench
    private let lock = NSLock()
    private var told: HostError?
    private let token: UInt
    private var arena = TextArena()
    private let lentError = UnsafeMutablePointer<host_error_info>.allocate(capacity: 1)

    private static let registry = NSLock()
    nonisolated(unsafe) private static var live: [UInt: TestCall] = [:]
    nonisolated(unsafe) private static var count: UInt = 0

    init(_ name: String, _ endpoint: TestEndpoint, _ bench: Bench) {
        self.name = name
        self.endpoint = endpoint
        self.bench = bench
        lentError.initialize(to: host_error_info())
        token = Self.registry.withLock {
            Self.count += 1
            return Self.count
        }
        Self.registry.withLock { Self.live[token] = self }
    }

    deinit { lentError.deallocate() }

    /// Above the addresses of user space, so that nobody can take it for one.
    var pointer: OpaquePointer? { OpaquePointer(bitPattern: 0xC011_0000_0000_0000 | token << 4) }

    func end() { _ = Self.registry.withLock { Self.live.removeValue(forKey: token) } }

    static func from(_ call: OpaquePointer?) -> TestCall? {
        let token = (UInt(bitPattern: call) & 0xFFFF_FFFF_FFFF) >> 4
        if let found = registry.withLock({ live[token] }) { return found }
        Bench.current?.note(
            "R-LIFE-3", expected: "a host_call is used until its call returns",
            happened: "the host's table was called with the host_call of a call that has returned")
        return nil
    }

    func fail(_ error: HostError) {
        for text in [error.message, error.subject, error.remedy, error.detail] {
            checkSecrets(text, "an error")
        }
        lock.withLock { told = error }
    }

    func takeFailure() -> HostError? {
        lock.withLock {
            defer { told = nil }
            return told
        }
    }

    func lendError() -> UnsafePointer<host_error_info>? {
        guard let failure = endpoint.lastFailure else { return nil }
        arena = TextArena()
        lentError.pointee = failure.border(arena)
        return UnsafePointer(lentError)
    }

    /// Runs a service for the plugin; what it throws becomes the call's error.
    func serve(_ body: () throws(HostError) -> Void) -> host_status {
        do throws(HostError) {
            try body()
            return Status.ok.rawValue
        } catch {
            endpoint.lastFailure = error
            lock.withLock { told = error }
            return error.status.rawValue
        }
    }

    func checkSecrets(_ text: String, _ place: String) {
        guard let secret = endpoint.secrets.first(where: { $0.count >= 6 && text.contains($0) }) else {
            return
        }
        _ = secret
        bench.note(
            "R-LIFE-14", expected: "no secret option's value leaves the plugin",
            happened: "one is in \(place) of \(name)")
    }

    /// Text of the plugin as it is, with the rules for it looked at.
    func text(_ raw: host_text, _ what: String, longest: Int = .max) -> String {
        guard let data = raw.data, raw.size > 0 else { return "" }
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(raw.size))
        if String(validating: bytes, as: UTF8.self) == nil {
            bench.note("R-LIFE-13", expected: "text is UTF-8", happened: "\(what) of \(name) is not")
        }
        if raw.size > Int64(longest) {
            bench.note(
                "R-LIFE-13", expected: "\(what) has at most \(longest) bytes",
                happened: "\(raw.size) in \(name)")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        checkSecrets(text, what)
        return text
    }
}
