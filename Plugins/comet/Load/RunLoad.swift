// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// One run being written: turns records into what Comet has for them.
final class RunLoad: UnitLoad {
    let writer: any ExperimentWriter
    let unit: UnitInfo
    var expected = Expected()
    var series = LineSpool(.series)
    var histograms = LineSpool(.histograms)
    /// Points that come again and are there already.
    var pointsToSkip: Int64
    /// Ids of assets that this load gave away, with the number of times that each was asked for.
    var assetIDs: [String: Int] = [:]
    private var last: UInt64
    private var isCommitted = false
    private let resumeAfter: UInt64

    init(_ writer: any ExperimentWriter, _ unit: UnitInfo, _ resumeAfter: UInt64) {
        self.writer = writer
        self.unit = unit
        self.resumeAfter = resumeAfter
        last = resumeAfter
        pointsToSkip = writer.pointsToSkip
    }

    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64 {
        guard !isCommitted else {
            throw HostError(.invalidState, "The run is complete.", subject: batch.table.rawValue)
        }
        switch batch.table {
        case .fields: try write(FieldsView(batch), sequence, call)
        case .points: try write(PointsView(batch), sequence, call)
        case .series: try write(SeriesView(batch), sequence, call)
        case .histograms: try write(HistogramsView(batch), sequence, call)
        case .files:
            try writer.settlePoints(upTo: last, call)
            try write(FilesView(batch), sequence, call)
        default:
            throw HostError(
                .unsupported, "Comet has no place for this table.", subject: batch.table.rawValue)
        }
        last = sequence
        tellRefused(call)
        return durable
    }

    func flush(_ call: Call) throws(HostError) -> UInt64 {
        try upload(&series, call)
        try upload(&histograms, call)
        try writer.drain(last, call)
        tellRefused(call)
        return durable
    }

    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        _ = try flush(call)
        let target = try writer.finish(expected, summary, call)
        isCommitted = true
        return target
    }

    private var durable: UInt64 {
        let spooled = [series.lowest, histograms.lowest].compactMap { $0 }.min()
        return max(resumeAfter, min(writer.durable(last), spooled.map { $0 - 1 } ?? last))
    }

    /// Comet has a most for each kind of asset: what is beyond it is not there.
    private func tellRefused(_ call: Call) {
        for asset in writer.takeRefused() {
            // The exact values are in an asset of another kind.
            let isPicture = asset.kind == .histogram
            call.loss(
                LossReport(
                    isPicture ? .noted : .dropped, isPicture ? .histograms : .files, "asset.refused",
                    path: asset.name, note: "Comet takes no more assets of this kind for one experiment"))
        }
    }
}

/// Counts one class of loss within one call, by a word.
struct LossTally {
    private var counts: [String: (rows: Int64, example: String)] = [:]

    mutating func add(_ word: String, _ example: String, rows: Int64 = 1) {
        counts[word, default: (0, example)].rows += rows
    }

    func tell(_ call: Call, _ kind: LossKind, _ table: Table, _ code: String, _ note: (String) -> String) {
        for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
            call.loss(LossReport(kind, table, code, rows: count.rows, path: count.example, note: note(word)))
        }
    }
}
