// SPDX-License-Identifier: Apache-2.0

internal import HostConformance
internal import HostRecords
internal import Testing

@Suite struct ArrowCopierTests {
    /// Whatever form a batch is given, the host's own check takes it and reads the same rows.
    @Test(arguments: BatchForm.all) func everyFormHoldsTheSameRows(_ form: BatchForm) throws {
        let batches = [
            try FixtureRows.fields(), try FixtureRows.series(), try FixtureRows.histograms(),
            try FixtureRows.files(), try EdgeRows.fields(),
            try EdgeRows.points(), try EdgeRows.noPoints(), try FixtureRows.grants(),
        ]
        for batch in batches {
            let copy = try form.copy(batch)
            let (before, after) = (RowText.lines(batch) { $0 }, RowText.lines(copy) { $0 })
            #expect(after == before, "\(batch.table) as \(form)")
        }
    }
}
