// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HostRecords

/// Answers from a recording: the same request gets its recorded answers in their order, then nothing.
final class Replayer: Sendable {
    private struct Key: Hashable {
        let method: String
        let url: String
        let bodySHA256: String

        init(_ request: RecordedExchange.Request) {
            (method, url, bodySHA256) = (request.method, request.url, request.bodySHA256)
        }
    }

    private let cleaner: RecordingCleaner
    private let waiting: Monitor<[Key: FIFO<HTTPAnswer>]>
    private let folder: String

    init(folder: String, redactor: Redactor) throws(HostError) {
        self.folder = folder
        cleaner = RecordingCleaner(redactor: redactor)
        do {
            let exchanges = try RecordingFolder.files(in: folder).map { name in
                try JSONDecoder().decode(
                    RecordedExchange.self, from: Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            }
            var answers: [Key: FIFO<HTTPAnswer>] = [:]
            for exchange in exchanges.sorted(by: { $0.number < $1.number }) {
                answers[Key(exchange.request), default: FIFO()].append(Self.answer(exchange.answer))
            }
            waiting = Monitor(answers)
        } catch {
            throw HostError(.io, "The recording cannot be read.", subject: folder, detail: "\(error)")
        }
    }

    func answer(_ request: HTTPRequest) -> Result<HTTPAnswer, HostError> {
        let described: RecordedExchange.Request
        do {
            described = try cleaner.describe(request)
        } catch {
            return .failure(error)
        }
        let key = Key(described)
        let (answer, isKnown) = waiting.withLock { ($0[key]?.popFirst(), $0[key] != nil) }
        if let answer { return .success(answer) }
        return .failure(
            HostError(
                .notFound,
                isKnown
                    ? "The recording has no further answer to this request."
                    : "The recording does not know this request.",
                subject: RequestSubject(request, cleaner.redactor).text, remedy: "Record it anew.",
                detail:
                    "folder \(folder), body of \(described.bodyBytes) bytes, SHA-256 \(described.bodySHA256)",
                retry: .stop))
    }

    private static func answer(_ recorded: RecordedExchange.Answer) -> HTTPAnswer {
        let body = recorded.bodyBase64.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
        return HTTPAnswer(
            status: recorded.status,
            headers: recorded.headers.filter { $0.count == 2 }.map { ($0[0], $0[1]) },
            body: body ?? Array((recorded.body ?? "").utf8), tries: 1)
    }
}
