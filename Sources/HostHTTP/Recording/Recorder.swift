// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import HostRecords

/// Writes each exchange as one file, numbered in the order in which answers came.
final class Recorder: Sendable {
    private let folder: String
    private let cleaner: RecordingCleaner
    private let redactor: Redactor
    private let lastNumber: Monitor<Int>

    /// Goes on behind what lies in the folder already.
    init(folder: String, redactor: Redactor) throws(HostError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let numbers = try RecordingFolder.files(in: folder).compactMap { Int($0.prefix { $0.isNumber }) }
            lastNumber = Monitor(numbers.max() ?? 0)
        } catch {
            throw HostError(
                .io, "The folder for recordings cannot be used.", subject: folder, detail: "\(error)")
        }
        self.folder = folder
        self.redactor = redactor
        cleaner = RecordingCleaner(redactor: redactor)
    }

    /// A recording that cannot be written must not stop the work, so it is told on standard error only.
    func record(_ request: HTTPRequest, _ answer: HTTPAnswer) {
        let number = lastNumber.withLock { number in
            number += 1
            return number
        }
        do {
            let exchange = RecordedExchange(
                number: number, request: try cleaner.describe(request), answer: describe(answer))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let path = "\(folder)/\(RecordingFolder.name(number, request.method))"
            try encoder.encode(exchange).write(to: URL(filePath: path))
        } catch {
            let line = redactor.clean("recording \(number) was not written: \(error)\n")
            _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        }
    }

    private func describe(_ answer: HTTPAnswer) -> RecordedExchange.Answer {
        let headers = answer.headers.filter { !SecretHeaders.isSecret($0.name) }
            .map { [$0.name, redactor.clean($0.value)] }
        let cleaned = cleaner.clean(answer.body)
        let text = String(validating: cleaned, as: UTF8.self)
        return RecordedExchange.Answer(
            status: answer.status, headers: headers, body: text,
            bodyBase64: text == nil ? Data(cleaned).base64EncodedString() : nil)
    }
}
