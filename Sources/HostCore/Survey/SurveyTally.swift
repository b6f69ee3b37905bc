// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What records add up to, of one unit or of many.
package struct SurveyTally: Sendable {
    package private(set) var rows: [Table: Int64] = [:]
    package private(set) var steps = StepSet()
    /// Of the files whose size is known.
    package private(set) var fileBytes: Int64 = 0
    package private(set) var losses = LossTally()
    /// Sets of `AttributeType.bit`.
    private var types: [ExactText: UInt16] = [:]

    package init() {}

    package var records: Int64 { rows.values.reduce(0, +) }

    /// Distinct paths of each type that occurs.
    package var paths: [AttributeType: Int] {
        var counts: [AttributeType: Int] = [:]
        for set in types.values {
            for type in AttributeType.allCases where set & type.bit != 0 { counts[type, default: 0] += 1 }
        }
        return counts
    }

    package mutating func add(_ batch: RecordBatch) {
        rows[batch.table, default: 0] += Int64(batch.count)
        addTypes(batch)
        switch batch.table {
        case .points, .series, .histograms: steps.add(batch)
        case .files:
            steps.add(batch)
            let sizes = batch.int64("size")
            for row in 0..<batch.count { fileBytes += sizes[row] ?? 0 }
        default: break
        }
    }

    package mutating func add(_ reports: [LossReport]) {
        for report in reports { losses.add(LossEntry(report)) }
    }

    package mutating func add(_ other: SurveyTally) {
        rows.merge(other.rows, uniquingKeysWith: +)
        steps.add(other.steps)
        fileBytes += other.fileBytes
        losses.add(other.losses)
        types.merge(other.types) { $0 | $1 }
    }

    private mutating func addTypes(_ batch: RecordBatch) {
        guard AttributeType.column(of: batch.table) != nil || AttributeType(batch.table) != nil else {
            return
        }
        let paths = batch.text("path").encoded()
        var found = [UInt16](repeating: 0, count: paths.texts.count)
        if let column = AttributeType.column(of: batch.table) {
            let words = batch.text(column).encoded()
            let bits = words.texts.map { AttributeType(batch.table, word: $0)?.bit ?? 0 }
            for row in 0..<batch.count where paths.codes[row] >= 0 && words.codes[row] >= 0 {
                found[Int(paths.codes[row])] |= bits[Int(words.codes[row])]
            }
        } else if let bit = AttributeType(batch.table)?.bit {
            found = Array(repeating: bit, count: found.count)
        }
        for (path, bits) in zip(paths.texts, found) { types[ExactText(path), default: 0] |= bits }
    }
}
