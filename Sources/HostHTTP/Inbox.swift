// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// Where the service leaves results and a queue picks them up.
final class Inbox: Sendable {
    typealias Outcome = Result<HTTPAnswer, HostError>

    private struct State {
        var lastTicket: UInt64 = 0
        var inFlight: Set<UInt64> = []
        var finished: [UInt64: Outcome] = [:]
        /// Tickets as they ended. May hold some that were picked up by number meanwhile.
        var order = FIFO<UInt64>()
        var isCancelled = false
    }

    private let monitor = Monitor(State())

    func issue() throws(HostError) -> UInt64 {
        try monitor.withLock { state throws(HostError) in
            if state.isCancelled { throw .requestsCancelled }
            state.lastTicket += 1
            state.inFlight.insert(state.lastTicket)
            return state.lastTicket
        }
    }

    /// Ignored when the ticket was forgotten or cancelled meanwhile.
    func finish(_ ticket: UInt64, _ outcome: Outcome) {
        monitor.update { state in
            guard state.inFlight.remove(ticket) != nil else { return }
            state.finished[ticket] = outcome
            state.order.append(ticket)
        }
    }

    func wait(for ticket: UInt64) throws(HostError) -> (ticket: UInt64, result: Outcome)? {
        // The outer optional says whether the wait is over, the inner whether anything is there.
        try monitor.wait { state throws(HostError) -> (ticket: UInt64, result: Outcome)?? in
            if state.isCancelled { throw .requestsCancelled }
            if ticket != 0 {
                if let outcome = state.finished.removeValue(forKey: ticket) {
                    if state.finished.isEmpty { state.order.removeAll() }
                    return .some((ticket, outcome))
                }
                if state.inFlight.contains(ticket) { return nil }
                throw HostError(.invalidState, "Ticket \(ticket) was waited for but is not in flight.")
            }
            while let next = state.order.popFirst() {
                if let outcome = state.finished.removeValue(forKey: next) { return .some((next, outcome)) }
            }
            return state.inFlight.isEmpty ? .some(nil) : nil
        }
    }

    /// Whether the service may still be at it.
    @discardableResult
    func forget(_ ticket: UInt64) -> Bool {
        monitor.update { state in
            state.finished[ticket] = nil
            return state.inFlight.remove(ticket) != nil
        }
    }

    func cancel() {
        monitor.update { state in
            state.isCancelled = true
            state.inFlight.removeAll()
            state.finished.removeAll()
            state.order.removeAll()
        }
    }

    func reopen() {
        monitor.update { $0.isCancelled = false }
    }
}

extension HostError {
    static var requestsCancelled: HostError { HostError(.cancelled, "The request was cancelled.") }
}
