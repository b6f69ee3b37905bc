// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// The rows of one table of a unit: each row read is either written, or dropped and told as a loss.
package struct TableCounts: Sendable, Hashable, Codable {
    package var read: Int64
    package var written: Int64
    /// Rows of losses that remove rows: dropped or merged.
    package var dropped: Int64

    package init(read: Int64 = 0, written: Int64 = 0, dropped: Int64 = 0) {
        self.read = read
        self.written = written
        self.dropped = dropped
    }

    /// The promise of a complete unit.
    package var isBalanced: Bool {
        let (sum, overflow) = written.addingReportingOverflow(dropped)
        return !overflow && read == sum && written >= 0 && dropped >= 0
    }

    package static func += (left: inout TableCounts, right: TableCounts) {
        left.read += right.read
        left.written += right.written
        left.dropped += right.dropped
    }
}

/// An order-free checksum of the rows of one table: two wrapping sums of row hashes.
package struct TableChecksum: Sendable, Hashable, Codable {
    package var first: UInt64
    package var second: UInt64

    package init(first: UInt64 = 0, second: UInt64 = 0) {
        self.first = first
        self.second = second
    }

    package static func += (left: inout TableChecksum, right: TableChecksum) {
        left.first &+= right.first
        left.second &+= right.second
    }
}

package typealias CountsByTable = [Table: TableCounts]
package typealias ChecksumsByTable = [Table: TableChecksum]
