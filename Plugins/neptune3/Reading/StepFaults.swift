// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Converts steps and times of one series, and counts what does not fit.
struct StepFaults {
    private var lost: Int64 = 0
    private var rounded: Int64 = 0
    private var undated: Int64 = 0

    /// nil: the row can't be handed over.
    mutating func step(_ number: Double) -> Step? {
        guard let converted = WireStep(number) else {
            lost += 1
            return nil
        }
        if converted.isRounded { rounded += 1 }
        return converted.step
    }

    /// Microseconds.
    mutating func time(_ milliseconds: Int64) -> Int64? {
        guard let time = WireTime.microseconds(milliseconds) else {
            undated += 1
            return nil
        }
        return time
    }

    func tell(_ table: Table, _ name: String, _ losses: inout LossRows) {
        if lost > 0 {
            losses.add(table, name, "step.out-of-range", rows: lost, "the step is no number below 2^63")
        }
        if rounded > 0 {
            losses.add(
                table, name, "step.rounded", rows: rounded, kind: .rounded, "steps are kept to a millionth")
        }
        if undated > 0 {
            losses.add(
                table, name, "time.out-of-range", rows: undated, kind: .redated,
                "the time lies beyond what microseconds can tell; the row has none")
        }
    }
}
