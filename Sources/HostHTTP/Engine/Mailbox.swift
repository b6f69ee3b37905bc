// SPDX-License-Identifier: Apache-2.0

/// What other threads want of the engine. Any thread posts, the engine's thread takes.
final class Mailbox: Sendable {
    enum Message: Sendable {
        case start(Exchange)
        /// `ticket` nil: all of that inbox.
        case drop(Inbox, ticket: UInt64?)
        case stop
    }

    private struct State {
        var messages: [Message] = []
        /// Gone once the engine ends, so that nobody wakes a freed handle.
        var multi: MultiHandle?
    }

    private let state: Monitor<State>

    init(waking multi: MultiHandle) { state = Monitor(State(multi: multi)) }

    /// False when the engine has ended.
    @discardableResult
    func post(_ message: Message) -> Bool {
        state.withLock { state in
            guard let multi = state.multi else { return false }
            state.messages.append(message)
            // A waiting message has woken the engine already.
            if state.messages.count == 1 { multi.wake() }
            return true
        }
    }

    func take() -> [Message] {
        state.withLock { state in
            if state.messages.isEmpty { return [] }
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// Refuses further messages and gives the last ones.
    func close() -> [Message] {
        state.withLock { state in
            defer { state = State(multi: nil) }
            return state.messages
        }
    }
}
