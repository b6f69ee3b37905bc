// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the server has seen, shared by its connections and the test. All state is behind the condition's
/// lock.
final class LoopbackLog: @unchecked Sendable {
    struct State {
        var requests: [LoopbackRequest] = []
        var connectionCount = 0
        var closed = 0
        var sockets: Set<Int32> = []
        var isStopped = false
    }

    private let condition = NSCondition()
    private var state = State()

    var requests: [LoopbackRequest] { change { $0.requests } }
    var connectionCount: Int { change { $0.connectionCount } }

    /// The connection's number, or nil when the server has stopped.
    func opened(_ socket: Int32) -> Int? {
        change { state in
            if state.isStopped { return nil }
            state.sockets.insert(socket)
            state.connectionCount += 1
            return state.connectionCount - 1
        }
    }

    func arrived(_ request: LoopbackRequest) { change { $0.requests.append(request) } }

    /// `close` runs under the lock: the number must not be someone else's when `stop` shuts sockets down.
    func closed(_ socket: Int32, by close: () -> Void) {
        change { state in
            state.sockets.remove(socket)
            close()
            state.closed += 1
        }
    }

    /// False when it had been stopped before.
    func stop() -> Bool {
        change { state in
            if state.isStopped { return false }
            state.isStopped = true
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            return true
        }
    }

    func wait(until isTrue: (State) -> Bool) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: 30)
        while !isTrue(state) {
            if !condition.wait(until: deadline) { return isTrue(state) }
        }
        return true
    }

    @discardableResult
    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body(&state)
    }
}
