// SPDX-License-Identifier: Apache-2.0

import CCurl
import HostRecords

/// Decides what the end of a try means: an answer, another try, or an error.
struct Judge {
    enum Verdict {
        case final(Inbox.Outcome)
        /// The exchange now leads to another URL.
        case redirected
        /// `isForAll`: the server asked for the pause, so all its requests wait.
        case again(after: Duration, reason: String, isForAll: Bool)
        /// The same, but this exchange has no time left for it.
        case stayAway(Duration, reason: String, HostError)
    }

    private static let mostRedirects = 5

    private let settings: HTTPSettings
    private let recorder: Recorder?
    private let report: FailureReport

    init(_ settings: HTTPSettings, recorder: Recorder?) {
        self.settings = settings
        self.recorder = recorder
        report = FailureReport(redactor: settings.redactor)
    }

    func outcome(of transfer: Transfer, _ code: CURLcode) -> Result<HTTPAnswer, TransferFailure> {
        if let failure = transfer.abortedBy { return .failure(failure) }
        guard code == CURLE_OK else {
            return .failure(
                TransferFailure(
                    code, reason: transfer.easy.errorReason, bytesSent: transfer.hasSentBytes,
                    isKnownServer: transfer.gate.hasAnswered))
        }
        return .success(
            HTTPAnswer(
                status: transfer.easy.number(CURLINFO_RESPONSE_CODE), headers: transfer.head.headers,
                body: transfer.body, tries: transfer.exchange.tries))
    }

    func stalled(_ transfer: Transfer) -> TransferFailure {
        TransferFailure(
            kind: .timedOut, reason: "not a byte for \(settings.stallTimeout.roundedSeconds) s",
            mayHaveArrived: transfer.hasSentBytes)
    }

    func verdict(
        on exchange: Exchange, _ outcome: Result<HTTPAnswer, TransferFailure>, redirect: String?
    ) -> Verdict {
        switch outcome {
        case .success(let answer): verdict(on: exchange, answer, redirect)
        case .failure(let failure): verdict(on: exchange, failure)
        }
    }

    /// An error for a request that would have to wait longer at a held authority than it is allowed to.
    func refusal(
        of exchange: Exchange, held: (until: ContinuousClock.Instant, reason: String),
        now: ContinuousClock.Instant
    ) -> HostError? {
        held.until - now > settings.retry.budget
            ? report.heldBack(exchange, by: held.reason, for: held.until - now) : nil
    }

    private func verdict(on exchange: Exchange, _ answer: HTTPAnswer, _ redirect: String?) -> Verdict {
        let isReading = exchange.request.method == "GET" || exchange.request.method == "HEAD"
        if let redirect, isReading, exchange.redirects < Self.mostRedirects, exchange.follow(redirect) {
            exchange.tries -= 1
            return .redirected
        }
        guard
            settings.retry.retries(
                status: answer.status, isIdempotent: exchange.request.isIdempotent, tries: exchange.tries)
        else {
            recorder?.record(exchange.request, answer)
            return .final(.success(answer))
        }
        let asked = answer.header("retry-after").flatMap { RetryAfter.parse($0) }
        let isForAll = asked != nil && (answer.status == 429 || answer.status == 503)
        // Clients that were told the same moment should not all come at it.
        let pause =
            asked.map { $0 + .milliseconds(Int64.random(in: 0...100)) }
            ?? settings.retry.pause(afterTry: exchange.tries)
        let reason = asked == nil ? "\(answer.status)" : "\(answer.status), Retry-After"
        if mayTryAgain(exchange, after: pause) {
            return .again(after: pause, reason: reason, isForAll: isForAll)
        }
        let error = report.error(answer, exchange, retryAfter: asked)
        return isForAll ? .stayAway(pause, reason: reason, error) : .final(.failure(error))
    }

    private func verdict(on exchange: Exchange, _ failure: TransferFailure) -> Verdict {
        let pause = settings.retry.pause(afterTry: exchange.tries)
        if failure.isRetried(isIdempotent: exchange.request.isIdempotent), mayTryAgain(exchange, after: pause)
        {
            let reason = settings.redactor.clean(failure.reason)
            return .again(after: pause, reason: reason, isForAll: false)
        }
        return .final(.failure(report.error(failure, exchange)))
    }

    private func mayTryAgain(_ exchange: Exchange, after pause: Duration) -> Bool {
        let now = ContinuousClock.now
        let firstFailure = exchange.firstFailure ?? now
        exchange.firstFailure = firstFailure
        return exchange.tries < settings.retry.maxAttempts
            && now + pause - firstFailure <= settings.retry.budget
    }
}
