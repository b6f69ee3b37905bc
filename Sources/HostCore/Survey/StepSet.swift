// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// The distinct steps of any number of records.
///
/// Whole steps are bits, 64 of them to a page that is found by `step >> 6`: dense steps cost little more than
/// a bit each, and steps far apart (times, say) no more than a hash table would take.
package struct StepSet: Sendable, Equatable {
    private var pages: [Int64: UInt64] = [:]
    private var fractions: Set<Step> = []
    /// Records that have a step.
    package private(set) var total: Int64 = 0

    package init() {}

    package mutating func add(_ batch: RecordBatch) {
        add(batch.int64("step"), batch.int32("millionths"), rows: batch.count)
    }

    private mutating func add(_ wholes: ValueColumn<Int64>, _ millionths: ValueColumn<Int32>, rows: Int) {
        guard wholes.isPresent else { return }
        // Neighbours share a page nearly always: it stays at hand, and most rows need no look-up.
        var page: Int64?
        var bits: UInt64 = 0
        var seen: Int64 = 0
        for row in 0..<rows {
            guard let whole = wholes[row] else { continue }
            seen += 1
            if let part = millionths[row], part != 0 {
                fractions.insert(Step(whole, millionths: part))
                continue
            }
            if page != whole &>> 6 {
                if let page { pages[page] = bits }
                page = whole &>> 6
                bits = pages[whole &>> 6] ?? 0
            }
            bits |= 1 &<< UInt64(truncatingIfNeeded: whole & 63)
        }
        if let page { pages[page] = bits }
        total += seen
    }

    package mutating func add(_ other: StepSet) {
        pages.merge(other.pages) { $0 | $1 }
        fractions.formUnion(other.fractions)
        total += other.total
    }

    package var distinct: Int { pages.values.reduce(fractions.count) { $0 + $1.nonzeroBitCount } }

    package var least: Step? {
        let whole = pages.min { $0.key < $1.key }.map {
            Step($0.key << 6 + Int64($0.value.trailingZeroBitCount))
        }
        return [whole, fractions.min()].compactMap { $0 }.min()
    }

    package var most: Step? {
        let whole = pages.max { $0.key < $1.key }.map {
            Step($0.key << 6 + 63 - Int64($0.value.leadingZeroBitCount))
        }
        return [whole, fractions.max()].compactMap { $0 }.max()
    }
}
