// SPDX-License-Identifier: Apache-2.0

/// What is tried again, for how long, and after which pauses.
package struct RetryRules: Sendable {
    package var maxAttempts = Int.max
    /// Counted from the first failure of a request.
    package var budget: Duration = .seconds(300)
    package var firstPause: Duration = .milliseconds(250)
    package var longestPause: Duration = .seconds(30)
    /// Servers answer 500 to malformed requests too, so patience does not help for long.
    package var maxAttemptsAt500 = 3

    package init() {}

    /// Exponential with full jitter: many clients that failed together do not come back together.
    func pause(afterTry tries: Int) -> Duration {
        let cap = min(longestPause, firstPause * Double(1 << min(tries - 1, 20)))
        return cap * Double.random(in: 0...1)
    }

    /// Whether an answer is only a request to come again.
    func retries(status: Int, isIdempotent: Bool, tries: Int) -> Bool {
        switch status {
        case 429, 503: true
        case 408, 502, 504: isIdempotent
        case 500: isIdempotent && tries < maxAttemptsAt500
        default: false
        }
    }
}
