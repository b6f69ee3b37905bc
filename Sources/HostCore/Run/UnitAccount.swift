// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Keeps the books of one unit: what was read, written and lost, by batch until the loader calls it durable, then
/// in one progress that can be saved and gone on from.
package struct UnitAccount {
    /// What one batch adds.
    package struct Entry {
        package var cursor: [UInt8]
        package var counts: CountsByTable
        package var checksums: ChecksumsByTable = [:]
        package var losses: [LossReport] = []

        package init(cursor: [UInt8] = [], counts: CountsByTable = [:]) {
            self.cursor = cursor
            self.counts = counts
        }
    }

    /// All up to the last durable batch.
    package private(set) var durable: UnitProgress
    /// Entries of the sequence numbers behind it, in order.
    private var pending: [(sequence: UInt64, entry: Entry)] = []
    package private(set) var sequence: UInt64
    /// Rows that source or target refused, as against limits that were known before.
    package private(set) var rejected: Int64 = 0

    package init(resuming progress: UnitProgress?) {
        durable = progress ?? UnitProgress()
        sequence = durable.sequence
    }

    /// Opens the entry of the next batch.
    ///
    /// - Parameter isWritten: whether it goes to the loader. One of which mapping left nothing does not, and has no
    ///   number of its own: a unit is never gone on with from a number that its loader was not given.
    package mutating func next(_ entry: Entry, isWritten: Bool = true) -> UInt64 {
        if isWritten {
            sequence += 1
            lastWritten = sequence
        }
        pending.append((sequence, entry))
        return sequence
    }

    /// Adds losses that came up after the entry was opened: to the batch in hand, or to what is durable already.
    /// Dropped rows were counted as written before.
    package mutating func add(_ losses: [LossReport], isRejection: Bool) {
        guard !losses.isEmpty else { return }
        for loss in losses where loss.kind == .dropped && isRejection { rejected += loss.rows }
        if pending.isEmpty {
            Self.apply(losses, &durable.counts)
            for loss in losses { durable.losses.add(LossEntry(loss)) }
        } else {
            Self.apply(losses, &pending[pending.count - 1].entry.counts)
            pending[pending.count - 1].entry.losses += losses
        }
    }

    private static func apply(_ losses: [LossReport], _ counts: inout CountsByTable) {
        for loss in losses where loss.kind.removesRows {
            counts[loss.table, default: TableCounts()].written -= loss.rows
            counts[loss.table, default: TableCounts()].dropped += loss.rows
        }
    }

    /// Puts what the source could not hand over on an entry's account: read, as it is there, and dropped.
    package mutating func charge(_ losses: [LossReport], to entry: inout Entry) {
        for loss in losses where loss.kind.removesRows {
            entry.counts[loss.table, default: TableCounts()] += TableCounts(read: loss.rows, dropped: loss.rows)
            rejected += loss.rows
        }
        entry.losses += losses
    }

    /// Number of the last batch that this load was given; 0 when it had none.
    package private(set) var lastWritten: UInt64 = 0

    /// Moves everything up to `sequence` to the durable side. True when that was anything.
    package mutating func settle(upTo sequence: UInt64) -> Bool {
        let count = pending.firstIndex { $0.sequence > sequence } ?? pending.count
        guard count > 0 else { return false }
        for (number, entry) in pending[..<count] {
            durable.sequence = number
            durable.cursor = entry.cursor
            for (table, counts) in entry.counts { durable.counts[table, default: TableCounts()] += counts }
            for (table, sum) in entry.checksums { durable.checksums[table, default: TableChecksum()] += sum }
            for loss in entry.losses { durable.losses.add(LossEntry(loss)) }
        }
        pending.removeFirst(count)
        return true
    }

    /// Losses told so far, durable or not: for the report of a unit that failed.
    package var allLosses: LossTally {
        var tally = durable.losses
        for (_, entry) in pending { for loss in entry.losses { tally.add(LossEntry(loss)) } }
        return tally
    }

    /// Order-free, over all tables.
    package var checksum: String {
        var sum = TableChecksum()
        for table in Table.records { if let part = durable.checksums[table] { sum += part } }
        return [sum.first, sum.second].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
