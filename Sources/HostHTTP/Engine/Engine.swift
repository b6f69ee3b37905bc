// SPDX-License-Identifier: Apache-2.0

import CCurl
import HostRecords

/// The loop that runs all transfers. Everything in it belongs to the one thread that calls `run`.
///
/// Sent to that thread once, before it starts, and never shared.
final class Engine: @unchecked Sendable {
    private typealias Clock = ContinuousClock

    private let settings: HTTPSettings
    private let multi: MultiHandle
    private let mailbox: Mailbox
    private let options: TransferOptions
    private let judge: Judge
    private let throttle: Throttle?

    private var gates: [Authority: AuthorityGate] = [:]
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var idleHandles: [EasyHandle] = []

    init(_ settings: HTTPSettings, multi: MultiHandle, mailbox: Mailbox, recorder: Recorder?) {
        self.settings = settings
        self.multi = multi
        self.mailbox = mailbox
        options = TransferOptions(settings: settings)
        judge = Judge(settings, recorder: recorder)
        throttle = settings.bandwidthBytesPerSecond.map { Throttle(bytesPerSecond: $0, now: .now) }
    }

    func run() {
        while obey(mailbox.take()) {
            startAllowed()
            multi.perform()
            collectEnded()
            startAllowed()
            let next = attendToTime()
            if settings.acknowledgesAtOnce, !active.isEmpty { multi.sockets.acknowledgeAtOnce() }
            multi.poll(atMost: next)
        }
        end()
    }

    /// False at the end.
    private func obey(_ messages: [Mailbox.Message]) -> Bool {
        for message in messages {
            switch message {
            case .start(let exchange): enqueue(exchange)
            case .drop(let inbox, let ticket):
                drop { $0.inbox === inbox && (ticket == nil || $0.ticket == ticket) }
            case .stop: return false
            }
        }
        return true
    }

    private func enqueue(_ exchange: Exchange) {
        let gate = gate(exchange.authority)
        if let held = gate.held, let error = judge.refusal(of: exchange, held: held, now: .now) {
            exchange.finish(.failure(error))
        } else {
            gate.enqueue(exchange)
        }
    }

    private func gate(_ authority: Authority) -> AuthorityGate {
        if let gate = gates[authority] { return gate }
        let bucket = settings.requestsPerSecond.map { TokenBucket(perSecond: $0, now: .now) }
        let gate = AuthorityGate(authority, limit: settings.maxConnectionsPerHost, bucket: bucket)
        gates[authority] = gate
        return gate
    }

    private func startAllowed() {
        let now = Clock.now
        for gate in gates.values {
            while let exchange = gate.takeStartable(now: now) { start(exchange, gate) }
        }
    }

    private func start(_ exchange: Exchange, _ gate: AuthorityGate) {
        guard let easy = idleHandles.popLast() ?? EasyHandle() else {
            return exchange.finish(.failure(HostError(.internal, "libcurl gives no more handles.")))
        }
        exchange.tries += 1
        exchange.due = nil
        let transfer = Transfer(exchange, gate, easy, throttle: throttle)
        options.apply(to: transfer)
        multi.sockets.attach(to: easy)
        guard multi.add(easy) else {
            easy.reset()
            return exchange.finish(.failure(HostError(.internal, "libcurl takes no more transfers.")))
        }
        active[easy.pointer] = transfer
        gate.active += 1
    }

    private func collectEnded() {
        while let (easy, code) = multi.takeDone() {
            guard let transfer = active[easy] else { continue }
            settle(transfer, outcome: judge.outcome(of: transfer, code))
        }
    }

    /// Takes a transfer out and does what the judge says.
    private func settle(_ transfer: Transfer, outcome: Result<HTTPAnswer, TransferFailure>) {
        let exchange = transfer.exchange
        let gate = transfer.gate
        if case .success = outcome {
            gate.hasAnswered = true
            if transfer.easy.number(CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) {
                gate.limit = max(settings.maxStreamsPerHost, settings.maxConnectionsPerHost)
            }
        }
        let redirect = transfer.easy.text(CURLINFO_REDIRECT_URL)
        release(transfer)
        switch judge.verdict(on: exchange, outcome, redirect: redirect) {
        case .final(let result): exchange.finish(result)
        case .redirected: enqueue(exchange)
        case .again(let pause, let reason, let isForAll):
            let moment = Clock.now + pause
            exchange.due = moment
            if isForAll { gate.hold(until: moment, reason: reason) }
            gate.enqueue(exchange)
            settings.onWaiting?(gate.authority.text, reason, pause.seconds)
        case .stayAway(let pause, let reason, let error):
            exchange.finish(.failure(error))
            gate.hold(until: Clock.now + pause, reason: reason)
            // Some of the others may have no time for it either.
            for waiting in gate.remove(where: { _ in true }) { enqueue(waiting) }
        }
    }

    private func release(_ transfer: Transfer) {
        multi.remove(transfer.easy)
        active[transfer.easy.pointer] = nil
        transfer.gate.active -= 1
        transfer.easy.reset()
        idleHandles.append(transfer.easy)
    }

    /// Ends what has stalled, lets go on what was slowed down, and gives the time until the next such moment.
    private func attendToTime() -> Duration {
        let now = Clock.now
        var next = now + .seconds(60)
        if let throttle {
            let paused = active.values.filter(\.isPaused)
            if !paused.isEmpty {
                let delay = throttle.delay(now: now)
                if delay > .zero { next = now + delay } else { paused.forEach { $0.resume() } }
            }
        }
        for transfer in Array(active.values)
        where transfer.exchange.request.timeout == nil && !transfer.isPaused {
            let moment = transfer.stallMoment(now: now, after: settings.stallTimeout)
            if moment > now {
                next = min(next, moment)
            } else {
                settle(transfer, outcome: .failure(judge.stalled(transfer)))
            }
        }
        for gate in gates.values {
            if let moment = gate.nextMoment(now: now) { next = min(next, moment) }
        }
        return next - now
    }

    private func drop(where isGone: (Exchange) -> Bool) {
        for gate in gates.values { _ = gate.remove(where: isGone) }
        for transfer in Array(active.values) where isGone(transfer.exchange) { release(transfer) }
    }

    /// Nobody may be left waiting for a result.
    private func end() {
        let late = mailbox.close()
        for case .start(let exchange) in late { exchange.finish(.failure(.requestsCancelled)) }
        for gate in gates.values {
            for exchange in gate.remove(where: { _ in true }) {
                exchange.finish(.failure(.requestsCancelled))
            }
        }
        for transfer in Array(active.values) {
            release(transfer)
            transfer.exchange.finish(.failure(.requestsCancelled))
        }
    }
}
