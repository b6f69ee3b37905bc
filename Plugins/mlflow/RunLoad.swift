// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// One run being written. Fields and points leave at once in log-batch bodies; files are streamed; series and
/// histograms, which become one file each, are put aside until the end.
final class RunLoad: UnitLoad {
    let server: Server
    let flight: Flight
    let facts: ServerFacts
    let unit: UnitInfo
    let open: OpenRun
    let lane: Lane
    let artifacts: ArtifactStore
    var expected: Expected
    var outbox: Outbox
    private let returned = ReturnedBatches()
    var places = ArtifactPaths()
    var series = TextSpool(.series)
    var histograms = TextSpool(.histograms)
    /// Where the files of series and histograms went.
    var spoolPlaces: [String: String] = [:]
    /// The path of the field that became the run's note.
    var notePath: String?
    /// Batches up to this one were durable before this load.
    let resumeAfter: UInt64
    private var last: UInt64
    /// The run has lost its incomplete mark: what came now would stand there unproved.
    var isCommitted = false

    var run: String { open.run.id }

    init(
        _ server: Server, _ flight: Flight, _ facts: ServerFacts, _ unit: UnitInfo, _ open: OpenRun,
        _ expected: Expected, _ resumeAfter: UInt64
    ) {
        self.server = server
        self.flight = flight
        self.facts = facts
        self.unit = unit
        self.open = open
        self.expected = expected
        self.resumeAfter = resumeAfter
        last = resumeAfter
        lane = Lane(flight, limit: server.settings.inFlight)
        artifacts = ArtifactStore(server, open.run)
        outbox = Outbox(run: open.run.id)
        for tag in RunMark.tags(unit, since: open.mark) { self.expected.add(tag: tag.name, tag.value) }
    }

    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64 {
        guard !isCommitted else {
            throw HostError(.invalidState, "The run is committed already.", subject: run)
        }
        try lane.check()
        try resend(call)
        switch batch.table {
        case .fields: try write(FieldsView(batch), sequence, call)
        case .points: try write(PointsView(batch), sequence, call)
        case .series: try write(SeriesView(batch), sequence, call)
        case .histograms: try write(HistogramsView(batch), sequence, call)
        case .files: try write(FilesView(batch), sequence, call)
        default:
            throw HostError(
                .unsupported, "MLflow runs have no place for this table.", subject: batch.table.rawValue)
        }
        last = sequence
        return durable
    }

    func flush(_ call: Call) throws(HostError) -> UInt64 {
        try dispatch(call)
        try upload(&series, call)
        try upload(&histograms, call)
        repeat {
            try lane.drain(call)
            try resend(call)
        } while lane.lowestHeld != nil
        return durable
    }

    /// All before the lowest batch that is still held anywhere.
    private var durable: UInt64 {
        let places = [lane.lowestHeld, returned.lowestHeld, outbox.lowest, series.lowest, histograms.lowest]
        let held = places.compactMap { $0 }.min()
        return held.map { max(resumeAfter, $0 - 1) } ?? last
    }

    /// Sends what the outbox holds.
    func dispatch(_ call: Call) throws(HostError) {
        guard let lowest = outbox.lowest else { return }
        try send(outbox.take(), lowest, call)
    }

    private func send(_ batch: LogBatch, _ lowest: UInt64, _ call: Call) throws(HostError) {
        let request = server.post("\(Path.tracking)/runs/log-batch", batch.body)
        let subject = "log-batch of run \(run)"
        let returned = returned
        try lane.launch(request, holding: lowest, call) { answer throws(HostError) in
            switch Reply(answer) {
            case .value(.object): return
            // A server that answers 200 with anything else did not do what was asked.
            case .value:
                throw HostError(
                    .invalidData, "The server's answer is not the one to log-batch.", subject: subject)
            case .refused(let refusal):
                guard returned.accept(refusal, batch, lowest) else { throw refusal.error(subject) }
            }
        }
    }

    private func resend(_ call: Call) throws(HostError) {
        while let item = returned.take() {
            let size = item.batch.metricEnds.count > ReturnedBatches.pieceSize ? ReturnedBatches.pieceSize : 1
            for piece in item.batch.pieces(of: size) { try send(piece, item.holding, call) }
        }
    }

    /// Where a record's file goes, with the loss told when it cannot have its own name.
    func place(
        _ directory: [String], _ name: String, of path: String, _ table: Table, identity: String, _ call: Call
    ) -> String {
        let place = places.place(directory, name, identity: identity)
        if place.isRenamed {
            call.loss(
                LossReport(
                    .renamed, table, "file.renamed", path: path,
                    note: "'\((directory + [name]).joined(separator: "/"))' is stored as '\(place.path)'"))
        }
        return place.path
    }
}
