// SPDX-License-Identifier: Apache-2.0

/// What the server does with a request, good or bad.
package enum LoopbackReply: Sendable {
    case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
    /// Head and body in two writes on a socket without TCP_NODELAY, as some servers do.
    case answerInTwoWrites(Int, body: [UInt8])
    /// Closes after the answer without having said so, like the end of an idle keep-alive connection.
    case answerThenClose(Int, body: [UInt8])
    case chunked([[UInt8]])
    /// Announces more than it sends, then closes.
    case short(announced: Int, body: [UInt8])
    /// Closes without an answer.
    case close
    /// The same with a TCP reset.
    case reset
    /// Says nothing until the client goes away or the server stops.
    case stall

    package static func text(_ status: Int, _ text: String, headers: [String: String] = [:]) -> LoopbackReply
    {
        .answer(status, headers: headers, body: Array(text.utf8))
    }
}
