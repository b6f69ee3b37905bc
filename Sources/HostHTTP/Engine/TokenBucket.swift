// SPDX-License-Identifier: Apache-2.0

/// Lets so many units a second pass, and short bursts.
///
/// It may be overdrawn: who takes more than there is makes the next one wait longer.
struct TokenBucket {
    private let perSecond: Double
    private let capacity: Double
    private var tokens: Double
    private var filledAt: ContinuousClock.Instant

    /// A burst is a tenth of a second's worth, at least one unit.
    init(perSecond: Double, now: ContinuousClock.Instant) {
        self.perSecond = max(perSecond, 0.001)
        capacity = max(1, perSecond / 10)
        tokens = capacity
        filledAt = now
    }

    /// Zero when one may take now.
    mutating func delay(now: ContinuousClock.Instant) -> Duration {
        tokens = min(capacity, tokens + (now - filledAt).seconds * perSecond)
        filledAt = now
        return tokens >= 1 ? .zero : .seconds((1 - tokens) / perSecond)
    }

    mutating func take(_ count: Double = 1) { tokens -= count }
}

/// The bandwidth limit that all transfers of the engine share. Touched by the engine's thread only.
final class Throttle {
    private var bucket: TokenBucket

    init(bytesPerSecond: Int, now: ContinuousClock.Instant) {
        bucket = TokenBucket(perSecond: Double(bytesPerSecond), now: now)
    }

    func delay(now: ContinuousClock.Instant = .now) -> Duration { bucket.delay(now: now) }

    func take(_ bytes: Int) { bucket.take(Double(bytes)) }
}
