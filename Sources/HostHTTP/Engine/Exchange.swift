// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// A request on its way through tries, pauses and redirects.
///
/// Made by the thread that submits and handed to the engine's thread, which alone touches it from then on.
final class Exchange: @unchecked Sendable {
    let request: HTTPRequest
    let ticket: UInt64
    let inbox: Inbox

    /// The request's, or where a redirect led.
    private(set) var url: String
    private(set) var authority: Authority
    private(set) var headers: [HTTPRequest.Header]
    private(set) var redirects = 0

    var tries = 0
    var firstFailure: ContinuousClock.Instant?
    /// Not before this moment.
    var due: ContinuousClock.Instant?

    init(_ request: HTTPRequest, ticket: UInt64, inbox: Inbox) throws(HostError) {
        guard let authority = Authority(url: request.url) else {
            throw HostError(.invalidData, "This is not a valid http or https URL.")
        }
        self.request = request
        self.ticket = ticket
        self.inbox = inbox
        self.authority = authority
        url = request.url
        headers = request.headers
    }

    /// Turns to another URL. Whoever is there gets no credentials unless it is the same scheme, host and
    /// port. False when the new URL cannot be followed.
    func follow(_ location: String) -> Bool {
        guard let next = Authority(url: location) else { return false }
        if next != authority { headers.removeAll { SecretHeaders.isSecret($0.name) } }
        (url, authority) = (location, next)
        redirects += 1
        return true
    }

    func finish(_ outcome: Inbox.Outcome) { inbox.finish(ticket, outcome) }
}
