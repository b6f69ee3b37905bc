// SPDX-License-Identifier: Apache-2.0

/// One exchange as it lies in a file of a recording. Names are part of the format.
struct RecordedExchange: Codable {
    struct Request: Codable {
        var method: String
        /// Cleaned of secrets, and without its query where that is one.
        var url: String
        /// Of the cleaned body, so that a replay needs no secret.
        var bodySHA256: String
        var bodyBytes: Int64
        /// Small text bodies, for people who read recordings.
        var body: String?
    }

    struct Answer: Codable {
        var status: Int
        /// Pairs of name and value: a name may come more than once.
        var headers: [[String]]
        /// Either text or, where it is not UTF-8, base64.
        var body: String?
        var bodyBase64: String?
    }

    var number: Int
    var request: Request
    var answer: Answer
}
