// SPDX-License-Identifier: Apache-2.0

extension Int64 {
    /// The sum, or the end of the range where there is no room for it: numbers that a source made up must not stop
    /// the host.
    func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
