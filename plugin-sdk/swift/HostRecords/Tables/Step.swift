// SPDX-License-Identifier: Apache-2.0

/// A step: a whole number and the millionths above it, so 2.5 is (2, 500000) and -0.25 is (-1, 750000).
@frozen
public struct Step: Hashable, Comparable, Sendable {
    public var whole: Int64
    /// 0 to 999,999.
    public var millionths: Int32

    @inlinable
    public init(_ whole: Int64, millionths: Int32 = 0) {
        self.whole = whole
        self.millionths = millionths
    }

    @inlinable
    public static func < (left: Step, right: Step) -> Bool {
        left.whole != right.whole ? left.whole < right.whole : left.millionths < right.millionths
    }
}

extension Step: CustomStringConvertible {
    /// Exact decimal text without trailing zeros: `-0.25`, `7`, `2.5`.
    public var description: String {
        guard millionths != 0 else { return String(whole) }
        let isNegative = whole < 0
        let units = isNegative ? -(whole + 1) : whole
        let fraction = isNegative ? 1_000_000 - millionths : millionths
        var digits = String(fraction)
        digits = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        while digits.last == "0" { digits.removeLast() }
        return "\(isNegative ? "-" : "")\(units).\(digits)"
    }
}
