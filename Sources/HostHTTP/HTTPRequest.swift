// SPDX-License-Identifier: Apache-2.0

/// One request as a plugin asks for it; the service never changes what the server would see of it.
package struct HTTPRequest: Sendable {
    package typealias Header = (name: String, value: String)

    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// `length` nil: from `offset` to the end of the source.
        case source(any HTTPBodySource, offset: Int64 = 0, length: Int64? = nil)
    }

    package var method: String
    package var url: String
    /// `Content-Length`, `Transfer-Encoding` and `Expect` are the service's own and ignored here.
    /// With `Accept-Encoding` the answer's body arrives decoded; without it, exactly as it was sent.
    package var headers: [Header]
    package var body: Body
    /// Sending it twice does no harm.
    package var isIdempotent: Bool
    /// The query holds a signature: errors and recordings show the path only.
    package var hidesQuery: Bool
    /// Of one try; nil: `HTTPSettings.stallTimeout` without any progress.
    package var timeout: Duration?
    /// A longer answer ends the request with `.limit`.
    package var maxAnswerBytes: Int

    package init(
        _ method: String, _ url: String, headers: [Header] = [], body: Body = .none,
        isIdempotent: Bool? = nil,
        hidesQuery: Bool = false, timeout: Duration? = nil, maxAnswerBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isIdempotent = isIdempotent ?? (method == "GET" || method == "HEAD")
        self.hidesQuery = hidesQuery
        self.timeout = timeout
        self.maxAnswerBytes = maxAnswerBytes
    }
}

extension HTTPRequest: CustomStringConvertible {
    /// Without headers, query and body, which may hold secrets, wherever somebody prints a request.
    package var description: String { "\(method) \(RequestSubject.place(in: url))" }
}
