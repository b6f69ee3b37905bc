// SPDX-License-Identifier: Apache-2.0

/// Progress for a log: a line at each interval, at each phase, and when a wait begins.
///
/// Numbers have no separators, so that a line can be searched and added up.
package struct PlainProgress: Sendable {
    private let interval: Double
    private var timeLeft = TimeLeft()
    private var toldAt: Double?
    private var phase: String?
    private var waitingFor: String?

    package init(interval: Double = ProgressInterval.standard) {
        self.interval = interval
    }

    /// nil when there is nothing to tell yet.
    package mutating func line(_ snapshot: RunSnapshot, isLast: Bool = false) -> String? {
        let left = timeLeft.update(
            elapsed: snapshot.elapsed, done: snapshot.unitsDone, total: snapshot.unitsTotal)
        let isDue = toldAt.map { snapshot.elapsed - $0 >= interval } ?? true
        let isNewPhase = snapshot.phase != phase
        let isNewWait = snapshot.waiting != nil && snapshot.waiting?.reason != waitingFor
        waitingFor = snapshot.waiting?.reason
        guard isLast || isDue || isNewPhase || isNewWait else { return nil }
        toldAt = snapshot.elapsed
        phase = snapshot.phase
        return CellText.cleaned(Self.text(snapshot, left))
    }

    private static func text(_ snapshot: RunSnapshot, _ left: Double?) -> String {
        var parts = ["\(snapshot.unitsDone) units"]
        if let total = snapshot.unitsTotal {
            let share = NumberText.percent(Int64(snapshot.unitsDone), of: Int64(total))
            parts = ["\(snapshot.unitsDone) of \(total) units, \(share)"]
        }
        if let left { parts[0] += ", \(TimeText.left(left))" }
        parts.append("rows read \(snapshot.rowsRead), written \(snapshot.rowsWritten)")
        if snapshot.fileBytes > 0 { parts.append("files \(NumberText.bytes(snapshot.fileBytes))") }
        parts.append("retries \(snapshot.retries), losses \(snapshot.losses.reduce(0) { $0 + $1.rows })")
        parts.append("failed \(snapshot.failed)")
        if let waiting = snapshot.waiting {
            parts.append(
                "waiting: \(waiting.reason), \(TimeText.countdown(waiting.until - snapshot.elapsed))")
        }
        return "\(TimeText.clock(snapshot.elapsed)) \(snapshot.phase): " + parts.joined(separator: "; ")
    }
}
