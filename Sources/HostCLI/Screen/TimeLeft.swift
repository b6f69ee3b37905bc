// SPDX-License-Identifier: Apache-2.0

/// Tells how long a run still takes, once that can be told.
///
/// Units come in sizes that differ by thousands, so early estimates jump about. An estimate of the end is
/// made from the units of the last minutes; it is told when the last ones agree, and withdrawn when they
/// part again.
package struct TimeLeft: Sendable {
    private struct Sample: Sendable {
        var elapsed: Double
        var done: Int
    }

    /// Seconds between samples, so that a redraw more or less changes nothing.
    private static let spacing: Double = 2
    private static let window = 90
    /// Estimates that must agree.
    private static let judged = 6
    private static let fewestUnits = 5
    private static let earliest: Double = 15

    private var samples: [Sample] = []
    /// Estimated ends, on the clock of the run.
    private var ends: [Double] = []
    private var isTold = false

    package init() {}

    /// - Returns: seconds left, or nil while that is not known.
    package mutating func update(elapsed: Double, done: Int, total: Int?) -> Double? {
        guard let total, total > done, done >= 0 else {
            self = TimeLeft()
            return nil
        }
        if let last = samples.last, elapsed < last.elapsed + Self.spacing { return answer(elapsed) }
        samples.append(Sample(elapsed: elapsed, done: done))
        if samples.count > Self.window { samples.removeFirst() }
        // Units that an earlier run had done are in the first sample and tell nothing of the pace.
        if let first = samples.first, done - first.done >= Self.fewestUnits,
            elapsed - first.elapsed >= Self.earliest
        {
            let pace = Double(done - first.done) / (elapsed - first.elapsed)
            ends.append(elapsed + Double(total - done) / pace)
            if ends.count > Self.judged { ends.removeFirst() }
        } else {
            ends = []
        }
        isTold = ends.count == Self.judged && spread(elapsed) < (isTold ? 0.5 : 0.2)
        return answer(elapsed)
    }

    private func answer(_ elapsed: Double) -> Double? {
        guard isTold, let end = ends.last else { return nil }
        return max(0, end - elapsed)
    }

    /// How far the judged ends lie apart, as a share of the time left.
    private func spread(_ elapsed: Double) -> Double {
        guard let least = ends.min(), let most = ends.max() else { return .infinity }
        return (most - least) / max(10, most - elapsed)
    }
}

/// Rows per second over the last seconds.
struct RateMeter: Sendable {
    private static let window: Double = 10
    private var samples: [(elapsed: Double, read: Int64, written: Int64)] = []

    mutating func update(_ snapshot: RunSnapshot) -> (read: Double, written: Double)? {
        samples.append((snapshot.elapsed, snapshot.rowsRead, snapshot.rowsWritten))
        while samples.count > 2, samples[1].elapsed <= snapshot.elapsed - Self.window {
            samples.removeFirst()
        }
        guard let first = samples.first, snapshot.elapsed - first.elapsed >= 1 else { return nil }
        let seconds = snapshot.elapsed - first.elapsed
        return (
            Double(snapshot.rowsRead - first.read) / seconds,
            Double(snapshot.rowsWritten - first.written) / seconds
        )
    }
}
