// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Multiplies steps by a whole number (`--step-multiplier`), so that fractional steps become whole ones.
///
/// Steps are decimals with six places. All arithmetic is on whole millionths; no binary fraction is ever
/// made.
package struct StepScale: Sendable, Hashable {
    package let multiplier: Int64

    package init(_ multiplier: Int64 = 1) throws(HostError) {
        guard multiplier >= 1 else {
            throw HostError(
                .invalidOption, "steps cannot be multiplied by \(multiplier).", subject: "step-multiplier",
                remedy: "Give a whole number from 1.")
        }
        self.multiplier = multiplier
    }

    /// Whether steps stay as they are: a column of them can then be passed on untouched.
    package var isIdentity: Bool { multiplier == 1 }

    /// nil when the product has no room in a step.
    @inline(__always)
    package func scaled(_ step: Step) -> Step? {
        if multiplier == 1 { return step }
        if step.millionths == 0 {
            let (whole, overflow) = step.whole.multipliedReportingOverflow(by: multiplier)
            return overflow ? nil : Step(whole)
        }
        return scaledFraction(step)
    }

    private func scaledFraction(_ step: Step) -> Step? {
        // |step| < 2^63 · 10^6 < 2^83, times up to 2^63: the product may leave 128 bits.
        let millionths = Int128(step.whole) * 1_000_000 + Int128(step.millionths)
        let (product, overflow) = millionths.multipliedReportingOverflow(by: Int128(multiplier))
        if overflow { return nil }
        var (whole, rest) = product.quotientAndRemainder(dividingBy: 1_000_000)
        if rest < 0 {
            whole -= 1
            rest += 1_000_000
        }
        return Int64(exactly: whole).map { Step($0, millionths: Int32(rest)) }
    }
}

extension Step {
    /// The nearest whole step, the even one of two as near, and whether that changed it; nil when there is
    /// no room.
    package var roundedToWhole: (whole: Int64, changed: Bool)? {
        if millionths == 0 { return (whole, false) }
        let goesUp = millionths > 500_000 || (millionths == 500_000 && !whole.isMultiple(of: 2))
        let (above, overflow) = whole.addingReportingOverflow(1)
        if goesUp { return overflow ? nil : (above, true) }
        return (whole, true)
    }
}
