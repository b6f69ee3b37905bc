// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A step from the double in which it travels. Neptune stores whole steps and millionths of them.
struct WireStep {
    let step: Step
    /// The double is no number of millionths, beyond what a double itself leaves open.
    let isRounded: Bool

    /// nil for NaN, infinities and what is beyond int64.
    init?(_ number: Double) {
        let floor = number.rounded(.down)
        guard let whole = Int64(exactly: floor) else { return nil }
        let fraction = (number - floor) * 1_000_000
        let millionths = fraction.rounded(.toNearestOrEven)
        // In millionths: one unit in the last place of the number, and of what was computed.
        isRounded = (fraction - millionths).magnitude > max(number.ulp * 1_000_000, 1e-6)
        if millionths < 1_000_000 {
            step = Step(whole, millionths: Int32(millionths))
        } else if whole < .max {
            step = Step(whole + 1)
        } else {
            return nil
        }
    }
}
