// SPDX-License-Identifier: Apache-2.0

internal import HostConformance
internal import HostRecords
internal import Testing

@Suite struct RowComparisonTests {
    private func set(_ values: [Double]) throws -> RowSet {
        var set = RowSet()
        let batch = try RecordBatch(
            .points, [("path", .text(values.map { _ in "p" })), ("value", .denseFloat64(values))])
        set.add(batch) { $0 }
        return set
    }

    private func findings(_ written: [Double], _ read: [Double], _ losses: [LossReport] = []) throws
        -> [Finding]
    {
        RowComparison(written: try set(written), read: try set(read), losses: losses)
            .findings("unit", rule: "R-ROUND-1")
    }

    private func loss(_ kind: LossKind, _ rows: Int64) -> LossReport {
        LossReport(kind, .points, "test", rows: rows, note: "")
    }

    @Test func equalRowsInAnotherOrderAreNoFinding() throws {
        #expect(try findings([1, 2, .nan, 2], [2, .nan, 2, 1]).isEmpty)
    }

    @Test func aSignOfZeroIsADifference() throws {
        #expect(try findings([-0.0], [0.0]).map(\.rule) == ["R-ROUND-1"])
    }

    @Test func aMissingRowHasToBeTold() throws {
        #expect(try findings([1, 2], [1]).map(\.rule) == ["R-ROUND-1"])
        #expect(try findings([1, 2], [1], [loss(.dropped, 1)]).isEmpty)
        #expect(try findings([1, 2, 3], [1], [loss(.dropped, 1)]).map(\.rule) == ["R-ROUND-1"])
    }

    @Test func aChangedRowHasToBeTold() throws {
        #expect(try findings([1.5], [1]).map(\.rule) == ["R-ROUND-1"])
        #expect(try findings([1.5], [1], [loss(.rounded, 1)]).isEmpty)
    }

    @Test func aRowThatIsThereTwiceIsADuplicateAndNotAChange() throws {
        #expect(try findings([1, 2], [1, 2, 2]).map(\.rule) == ["R-LOADER-4"])
    }

    @Test func oneOfTwoEqualPointsIsMissed() throws {
        #expect(try findings([7, 7], [7]).map(\.rule) == ["R-ROUND-1"])
        #expect(try findings([7, 7], [7], [loss(.merged, 1)]).isEmpty)
    }
}
