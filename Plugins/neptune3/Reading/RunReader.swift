// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What a phase hands over at once: batches, and the place behind them.
struct Portion {
    var batches: [RecordBatch]
    /// nil when reading can't go on from there.
    var place: ReadPlace?
}

/// Reads one part of a run.
protocol PhaseReader: AnyObject {
    /// nil at the end of the phase.
    func next(_ call: Call) throws(HostError) -> Portion?
}

/// Reads one run, phase after phase.
final class RunReader: BatchSource {
    private let source: RunSource
    private var place: ReadPlace
    private var phase: (any PhaseReader)?
    private var waiting: ArraySlice<RecordBatch> = []
    private var waitingCursor: [UInt8] = []

    init(_ source: RunSource, at place: ReadPlace) {
        self.source = source
        self.place = place
    }

    func next(_ call: Call) throws(HostError) -> SourceBatch? {
        while true {
            if let batch = waiting.popFirst() {
                return SourceBatch(batch, cursor: waiting.isEmpty ? waitingCursor : [])
            }
            if call.isCancelled { throw HostError(.cancelled, "Stopped while a run was read.") }
            let reader: any PhaseReader = if let phase { phase } else { try reader() }
            phase = reader
            if let portion = try reader.next(call) {
                waiting = portion.batches[...]
                waitingCursor = portion.place?.cursor(source.catalogue.mark) ?? []
                continue
            }
            guard let next = ReadPhase(rawValue: place.phase.rawValue + 1) else { return nil }
            place = ReadPlace()
            place.phase = next
            phase = nil
        }
    }

    private func reader() throws(HostError) -> any PhaseReader {
        switch place.phase {
        case .losses: UnreadableAttributes(source)
        case .fields: FieldReader(source, from: place.position)
        case .points: try PointReader(source, at: place)
        case .texts: try ObjectReader(source, .stringSeries, at: place)
        case .histograms: try ObjectReader(source, .histogramSeries, at: place)
        case .files: FileReader(source, from: place.position)
        case .fileSeries: try ObjectReader(source, .fileRefSeries, at: place)
        }
    }
}

/// Tells of attributes that can't be read at all.
private final class UnreadableAttributes: PhaseReader {
    private let source: RunSource
    private var isDone = false

    init(_ source: RunSource) { self.source = source }

    func next(_ call: Call) throws(HostError) -> Portion? {
        guard !isDone else { return nil }
        isDone = true
        var losses = LossRows()
        for (name, type) in source.catalogue.unreadable {
            losses.add(
                .fields, name, "type.unreadable", kind: Self.isWithoutValue(type) ? .noted : .dropped,
                "the server tells name and type (\(type)) alone, and no value")
        }
        guard let batch = try losses.batch() else { return nil }
        // Losses count with the batch behind them: no cursor may stand between.
        return Portion(batches: [batch])
    }

    /// The run's state is told by other attributes as well.
    private static func isWithoutValue(_ type: String) -> Bool { type == "experimentState" }
}
