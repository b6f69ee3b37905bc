// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct RunUnitAccountTests {
    private static func entry(
        _ cursor: String, read: Int64, dropped: Int64 = 0, losses: [LossReport] = []
    ) -> UnitAccount.Entry {
        var entry = UnitAccount.Entry(
            cursor: Array(cursor.utf8),
            counts: [.points: TableCounts(read: read, written: read - dropped, dropped: dropped)])
        entry.checksums = [.points: TableChecksum(first: UInt64(read), second: 1)]
        entry.losses = losses
        return entry
    }

    private static func loss(_ kind: LossKind, _ rows: Int64, _ code: String = "code") -> LossReport {
        LossReport(kind, .points, code, rows: rows, path: "a", note: "")
    }

    @Test func nothingIsDurableBeforeTheLoaderSaysSo() {
        var account = UnitAccount(resuming: nil)
        #expect(account.next(Self.entry("one", read: 5)) == 1)
        #expect(account.next(Self.entry("two", read: 7, dropped: 2, losses: [Self.loss(.dropped, 2)])) == 2)
        #expect(account.durable == UnitProgress())
        #expect(account.settle(upTo: 0) == false)
        #expect(account.settle(upTo: 1) == true)
        #expect(account.durable.sequence == 1 && account.durable.cursor == Array("one".utf8))
        #expect(account.durable.counts[.points] == TableCounts(read: 5, written: 5))
        #expect(account.durable.losses.isEmpty && account.allLosses.rowsRemoved(from: .points) == 2)
        #expect(account.settle(upTo: 9) == true && account.settle(upTo: 9) == false)
        #expect(account.durable.counts[.points] == TableCounts(read: 12, written: 10, dropped: 2))
        #expect(account.durable.checksums[.points] == TableChecksum(first: 12, second: 2))
        #expect(account.durable.losses.rowsRemoved(from: .points) == 2 && account.durable.sequence == 2)
    }

    @Test func lossOfABatchInHandIsNotSavedBeforeTheBatchIs() {
        var account = UnitAccount(resuming: nil)
        _ = account.next(Self.entry("one", read: 5))
        account.add([Self.loss(.dropped, 3), Self.loss(.renamed, 1)], isRejection: true)
        #expect(account.durable.losses.isEmpty && account.durable.counts.isEmpty && account.rejected == 3)
        _ = account.settle(upTo: 1)
        #expect(account.durable.counts[.points] == TableCounts(read: 5, written: 2, dropped: 3))
        #expect(account.durable.losses.entries.map(\.rows) == [3, 1])
    }

    @Test func lossToldWhenAllIsDurableIsDurableAtOnce() {
        var account = UnitAccount(resuming: nil)
        _ = account.next(Self.entry("one", read: 5))
        _ = account.settle(upTo: 1)
        account.add([Self.loss(.merged, 2)], isRejection: true)
        #expect(account.durable.counts[.points] == TableCounts(read: 5, written: 3, dropped: 2))
        #expect(account.rejected == 0, "merged rows were not refused")
        #expect(account.durable.counts[.points]?.isBalanced == true)
    }

    @Test func foreseenLossesAreNoRejections() {
        var account = UnitAccount(resuming: nil)
        account.add([LossReport(.dropped, .files, "x", rows: 4, note: "")], isRejection: false)
        #expect(account.rejected == 0)
        account.add([], isRejection: true)
        #expect(account.durable.losses.entries.count == 1)
    }

    @Test func whatTheSourceCouldNotHandOverWasReadAndIsGone() {
        var account = UnitAccount(resuming: nil)
        var entry = Self.entry("one", read: 5)
        account.charge([Self.loss(.dropped, 3), Self.loss(.noted, 9)], to: &entry)
        #expect(account.rejected == 3)
        _ = account.next(entry)
        _ = account.settle(upTo: 1)
        #expect(account.durable.counts[.points] == TableCounts(read: 8, written: 5, dropped: 3))
    }

    @Test func batchThatIsNotWrittenTakesNoNumber() {
        var account = UnitAccount(resuming: nil)
        #expect(account.next(Self.entry("none", read: 2, dropped: 2), isWritten: false) == 0)
        #expect(account.next(Self.entry("one", read: 5)) == 1)
        #expect(account.next(Self.entry("rest", read: 3, dropped: 3), isWritten: false) == 1)
        #expect(account.lastWritten == 1)
        #expect(account.settle(upTo: 0) == true && account.durable.cursor == Array("none".utf8))
        #expect(account.settle(upTo: 1) == true && account.durable.sequence == 1)
        #expect(account.durable.cursor == Array("rest".utf8), "what follows needs nothing of the loader")
        #expect(account.durable.counts[.points] == TableCounts(read: 10, written: 5, dropped: 5))
    }

    @Test func resumedAccountGoesOnWhereItWas() {
        let before = UnitProgress(
            sequence: 41, cursor: [1], counts: [.points: TableCounts(read: 10, written: 10)],
            checksums: [.points: TableChecksum(first: .max, second: 3)])
        var account = UnitAccount(resuming: before)
        #expect(account.sequence == 41 && account.durable == before)
        #expect(account.next(Self.entry("next", read: 2)) == 42)
        #expect(account.lastWritten == 42)
        _ = account.settle(upTo: 42)
        #expect(account.durable.counts[.points] == TableCounts(read: 12, written: 12))
        #expect(account.durable.checksums[.points] == TableChecksum(first: 1, second: 4), "sums wrap")
    }

    @Test func checksumHasFixedDigits() {
        func text(_ first: UInt64, _ second: UInt64) -> String {
            UnitAccount(
                resuming: UnitProgress(checksums: [.points: TableChecksum(first: first, second: second)])
            ).checksum
        }
        #expect(text(0x1, 0x23) == "0000000000000001" + "0000000000000023")
        #expect(text(0x12, 0x3) == "0000000000000012" + "0000000000000003")
        #expect(text(.max, 0) == "ffffffffffffffff0000000000000000")
        #expect(UnitAccount(resuming: nil).checksum == String(repeating: "0", count: 32))
    }

    @Test func anyOrderOfCallsEndsInTheSameBooks() {
        let seed: UInt64 = 2_024
        for round in 0..<500 {
            var random = SeededGenerator(seed: seed &+ UInt64(round))
            var account = UnitAccount(resuming: nil)
            var (read, dropped, settled): (Int64, Int64, UInt64) = (0, 0, 0)
            for _ in 0..<40 {
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    let rows = Int64.random(in: 10...20, using: &random)
                    let gone = Int64.random(in: 0...3, using: &random)
                    _ = account.next(
                        Self.entry(
                            "\(account.sequence)", read: rows, dropped: gone,
                            losses: gone > 0 ? [Self.loss(.dropped, gone)] : []))
                    read += rows
                    dropped += gone
                case 2:
                    guard read > 0 else { continue }
                    account.add([Self.loss(.dropped, 1)], isRejection: true)
                    dropped += 1
                default:
                    settled = UInt64.random(in: settled...max(settled, account.sequence), using: &random)
                    _ = account.settle(upTo: settled)
                    #expect(account.durable.sequence == settled, "seed \(seed), round \(round)")
                    let durable = account.durable.counts[.points] ?? TableCounts()
                    #expect(durable.read == durable.written + durable.dropped, "seed \(seed), round \(round)")
                    #expect(account.durable.losses.rowsRemoved(from: .points) == durable.dropped)
                }
            }
            _ = account.settle(upTo: .max)
            let expected = TableCounts(read: read, written: read - dropped, dropped: dropped)
            #expect(
                account.durable.counts[.points] ?? TableCounts() == expected, "seed \(seed), round \(round)")
            #expect(account.allLosses == account.durable.losses)
        }
    }
}
