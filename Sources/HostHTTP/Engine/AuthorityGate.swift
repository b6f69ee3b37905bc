// SPDX-License-Identifier: Apache-2.0

/// What waits for one scheme, host and port, and when it may go. Touched by the engine's thread only.
final class AuthorityGate {
    typealias Instant = ContinuousClock.Instant

    let authority: Authority
    private var ready = FIFO<Exchange>()
    /// Pausing before their next try.
    private var delayed: [Exchange] = []
    private var nextDue: Instant?
    private var bucket: TokenBucket?
    private(set) var held: (until: Instant, reason: String)?
    var active = 0
    var limit: Int
    /// Failures of name or handshake are no longer taken for a wrong option.
    var hasAnswered = false

    init(_ authority: Authority, limit: Int, bucket: TokenBucket?) {
        self.authority = authority
        self.limit = limit
        self.bucket = bucket
    }

    var isIdle: Bool { ready.isEmpty && delayed.isEmpty && active == 0 }

    func enqueue(_ exchange: Exchange) {
        guard let due = exchange.due else { return ready.append(exchange) }
        delayed.append(exchange)
        nextDue = min(nextDue ?? due, due)
    }

    /// The server asked all of us to stay away that long.
    func hold(until moment: Instant, reason: String) {
        if held.map({ $0.until < moment }) ?? true { held = (moment, reason) }
    }

    /// The next exchange that may start now.
    func takeStartable(now: Instant) -> Exchange? {
        promote(now)
        if let held {
            if held.until > now { return nil }
            self.held = nil
        }
        guard active < limit, !ready.isEmpty, bucket?.delay(now: now) ?? .zero == .zero else { return nil }
        bucket?.take()
        return ready.popFirst()
    }

    /// When `takeStartable` may give something without anything else happening; nil: never.
    func nextMoment(now: Instant) -> Instant? {
        guard active < limit else { return nil }
        var moment: Instant
        if !ready.isEmpty {
            moment = now + (bucket?.delay(now: now) ?? .zero)
        } else if let nextDue {
            moment = nextDue
        } else {
            return nil
        }
        if let held { moment = max(moment, held.until) }
        return moment
    }

    /// Takes out all that wait, or those that the test picks.
    func remove(where isGone: (Exchange) -> Bool) -> [Exchange] {
        var gone: [Exchange] = []
        let test: (Exchange) -> Bool = { exchange in
            guard isGone(exchange) else { return false }
            gone.append(exchange)
            return true
        }
        ready.removeAll(where: test)
        delayed.removeAll(where: test)
        nextDue = delayed.lazy.compactMap(\.due).min()
        return gone
    }

    private func promote(_ now: Instant) {
        guard let due = nextDue, due <= now else { return }
        for exchange in delayed where exchange.due.map({ $0 <= now }) ?? true { ready.append(exchange) }
        delayed.removeAll { $0.due.map { $0 <= now } ?? true }
        nextDue = delayed.lazy.compactMap(\.due).min()
    }
}
