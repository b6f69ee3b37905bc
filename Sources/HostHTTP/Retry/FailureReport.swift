// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// Turns the end of a request into the error that its caller sees, without any secret in it.
struct FailureReport {
    let redactor: Redactor

    func error(_ failure: TransferFailure, _ exchange: Exchange) -> HostError {
        let reason = redactor.clean(failure.reason)
        let subject = subject(exchange)
        let tries = exchange.tries > 1 ? " after \(exchange.tries) tries" : ""
        switch failure.kind {
        case .passing:
            let doubt =
                failure.mayHaveArrived && !exchange.request.isIdempotent
                ? " It was not sent again because the server may have carried it out." : ""
            return HostError(
                .unavailable, "The server could not be reached or broke off\(tries): \(reason).\(doubt)",
                subject: subject, remedy: "Check that the server runs and that the network is up.")
        case .timedOut:
            return HostError(.timeout, "No answer in time\(tries): \(reason).", subject: subject)
        case .unknownHost:
            return HostError(
                .unavailable,
                "The host \"\(exchange.authority.host)\" (or the proxy to it) is not known: \(reason).",
                subject: subject, remedy: "Check its spelling, the proxy settings and the name server.",
                retry: .stop)
        case .tls:
            return HostError(
                .unavailable, "No secure connection: \(reason).", subject: subject,
                remedy:
                    "If the server has a certificate of a private authority, give that authority's PEM file.",
                retry: .stop)
        case .answerTooLong:
            return HostError(
                .limit,
                "The answer is longer than the \(exchange.request.maxAnswerBytes) bytes allowed for it.",
                subject: subject)
        case .unusable:
            return HostError(.invalidData, "The exchange is not valid HTTP: \(reason).", subject: subject)
        case .bodySource(var error):
            if error.subject.isEmpty { error.subject = subject }
            error.message = redactor.clean(error.message)
            return error
        }
    }

    /// The budget is spent, or the pause that the server asks for would spend it.
    func error(_ answer: HTTPAnswer, _ exchange: Exchange, retryAfter: Duration?) -> HostError {
        let status: Status =
            switch answer.status {
            case 429: .rateLimited
            case 408: .timeout
            default: .unavailable
            }
        let pause = retryAfter.map { " and asks to wait \($0.roundedSeconds) s" } ?? ""
        let tries = exchange.tries > 1 ? " after \(exchange.tries) tries" : ""
        let words = serverWords(answer)
        return HostError(
            status,
            "The server answers \(answer.status)\(pause)\(tries)\(words.isEmpty ? "." : ": \"\(words)\"")",
            subject: subject(exchange), remedy: "Try again later.", httpStatus: Int32(answer.status),
            retryAfterMilliseconds: retryAfter?.milliseconds ?? 0)
    }

    /// Not sent at all: another answer of that server asked for a pause longer than any budget.
    func heldBack(_ exchange: Exchange, by reason: String, for pause: Duration) -> HostError {
        HostError(
            .rateLimited, "The server asked to wait \(pause.roundedSeconds) s (\(reason)).",
            subject: subject(exchange), remedy: "Try again later.", retryAfterMilliseconds: pause.milliseconds
        )
    }

    private func subject(_ exchange: Exchange) -> String {
        RequestSubject(exchange.request, url: exchange.url, redactor).text
    }

    /// The beginning of the body on one line.
    private func serverWords(_ answer: HTTPAnswer) -> String {
        // Cleaned before it is cut, or half a secret would stay.
        let text = redactor.clean(String(decoding: answer.body.prefix(8192), as: UTF8.self))
        let words = text.split { $0.isWhitespace || $0.isNewline || $0.asciiValue.map { $0 < 0x20 } ?? false }
        return String(words.joined(separator: " ").prefix(300))
    }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// Never 0 for a pause that is one.
    var roundedSeconds: Int64 { Int64(seconds.rounded(.up)) }
}
