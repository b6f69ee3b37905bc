// SPDX-License-Identifier: Apache-2.0

/// A choice among numbered things that takes in the first, the last, and evenly what lies between.
package enum Spread {
    /// Numbers from 1 to `count`, at most `most` of them (two or more).
    package static func of(_ count: Int, most: Int) -> [Int] {
        if count <= most { return count < 1 ? [] : Array(1...count) }
        return (0..<most).map { 1 + $0 * (count - 1) / (most - 1) }
    }
}
