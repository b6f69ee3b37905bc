// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Requests of one plugin instance, as whoever carries them out takes them.
package protocol HTTPRequests: AnyObject, Sendable {
    func submit(_ request: HTTPRequest) throws(HostError) -> HTTPQueue.Ticket
    func wait(
        for ticket: HTTPQueue.Ticket
    ) throws(HostError) -> (ticket: HTTPQueue.Ticket, result: Result<HTTPAnswer, HostError>)?
    func forget(_ ticket: HTTPQueue.Ticket)
    func cancelAll()
}

/// The requests of one plugin instance, with as many in flight as it likes.
///
/// `submit`, `wait` and `send` belong to the thread that drives the instance, yet are safe on any.
/// `cancelAll`, `reopen` and `forget` are for any thread. Dropping the queue drops its requests.
package final class HTTPQueue: HTTPRequests, Sendable {
    /// Never 0.
    package typealias Ticket = UInt64

    private let inbox = Inbox()
    private let service: HTTPService

    init(service: HTTPService) { self.service = service }

    deinit { service.drop(inbox, ticket: nil) }

    /// Starts a request without waiting for anything. Throws at once what no server is needed to see.
    package func submit(_ request: HTTPRequest) throws(HostError) -> Ticket {
        let ticket = try inbox.issue()
        do {
            try service.start(request, ticket: ticket, for: inbox)
        } catch {
            inbox.forget(ticket)
            throw error
        }
        return ticket
    }

    /// Blocks until that request, or with 0 any, has ended; nil when nothing is in flight.
    /// Throws `.cancelled` after `cancelAll`, and `.invalidState` for a ticket that is not in flight.
    package func wait(
        for ticket: Ticket = 0
    ) throws(HostError) -> (ticket: Ticket, result: Result<HTTPAnswer, HostError>)? {
        try inbox.wait(for: ticket)
    }

    /// Submits and waits.
    package func send(_ request: HTTPRequest) throws(HostError) -> HTTPAnswer {
        let ticket = try submit(request)
        guard let (_, result) = try wait(for: ticket) else {
            throw HostError(.internal, "A request was lost.")
        }
        return try result.get()
    }

    /// Drops a request, wherever it is; unknown tickets are ignored.
    package func forget(_ ticket: Ticket) {
        if inbox.forget(ticket) { service.drop(inbox, ticket: ticket) }
    }

    /// Drops everything in flight. All calls throw `.cancelled`, those that wait now included, until
    /// `reopen`.
    package func cancelAll() {
        inbox.cancel()
        service.drop(inbox, ticket: nil)
    }

    package func reopen() { inbox.reopen() }
}
