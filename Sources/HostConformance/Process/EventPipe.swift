// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The child's way to tell the parent what it does: one line an event, a letter and a tab before its text.
///
/// Thread rule: any thread. Each line is one `write`, far below the size that a pipe could tear.
final class EventPipe: @unchecked Sendable {
    enum Kind: String {
        case call = "C"
        case finding = "F"
        case durable = "D"
        case value = "V"
        case note = "N"
        /// Written by the signal handler: the signal, and the kind of memory that was touched.
        case crash = "S"
        case end = "E"
    }

    /// Where the parent listens; in the parent's own process nothing does.
    private let descriptor: Int32?
    private let lock = NSLock()
    private(set) var findings: [Finding] = []
    private var current = ""
    /// For a run without a parent.
    private(set) var values: [String: String] = [:]
    private(set) var lastNote = ""

    init(descriptor: Int32?) { self.descriptor = descriptor }

    /// The call that failed last, else the one that was begun last: closing what is open comes after a failure.
    var blamedCall: String { lock.withLock { failed.isEmpty ? current : failed } }
    private var failed = ""

    func callFailed(_ name: String) { lock.withLock { failed = name } }

    func call(_ name: String) {
        lock.withLock { current = name }
        send(.call, name)
    }

    func finding(_ finding: Finding) {
        let isNew = lock.withLock {
            // One broken rule may show a thousand times.
            guard findings.count < 50, !findings.contains(finding) else { return false }
            findings.append(finding)
            return true
        }
        if isNew, let json = try? JSONEncoder().encode(finding) {
            send(.finding, String(decoding: json, as: UTF8.self))
        }
    }

    func durable(_ sequence: UInt64) { send(.durable, String(sequence)) }

    func value(_ name: String, _ text: String) {
        lock.withLock { values[name] = text }
        send(.value, "\(name)=\(text)")
    }

    func note(_ text: String) {
        lock.withLock { lastNote = text }
        send(.note, text)
    }

    func end() { send(.end, "") }

    private func send(_ kind: Kind, _ text: String) {
        guard let descriptor else { return }
        let line = "\(kind.rawValue)\t\(text.replacing("\n", with: " "))\n"
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Without a parent there is nobody left to tell.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
