// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

extension Step {
    /// With six decimals: -0.25, which is (-1, 750000), is `-0.250000`.
    var text: String {
        let isNegative = whole < 0
        // The parts of the magnitude: whole and millionths count upwards from the whole below.
        let borrowed = isNegative && millionths > 0
        let units = (borrowed ? whole + 1 : whole).magnitude
        let part = String(borrowed ? 1_000_000 - millionths : millionths)
        return "\(isNegative ? "-" : "")\(units)." + String(repeating: "0", count: 6 - part.count) + part
    }
}
