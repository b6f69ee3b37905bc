// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Reads the float series of a run.
final class PointReader: PhaseReader {
    /// Points in one page, of all its series: a batch.
    private static let pageSize = 65_536

    private let source: RunSource
    private let request: SeriesRequest
    private let count: Int
    private var window: GroupWindow

    init(_ source: RunSource, at place: ReadPlace) throws(HostError) {
        self.source = source
        request = SeriesRequest(source: source.server, source.catalogue, source.settings)
        let names = source.catalogue.names(.floatSeries)
        count = names.count
        window = try GroupWindow(source, names, at: place)
    }

    func next(_ call: Call) throws(HostError) -> Portion? {
        let first = try window.first { group throws(HostError) in try ask(group, call) }
        guard let group = first else { return nil }
        if !group.isUnderWay { try ask(group, call) }
        let page = try group.answer(source.catalogue.identifier, call) { bytes throws(HostError) in
            try FloatPage(bytes, salt: request.salt)
        }
        var columns = PointColumns()
        var losses = LossRows()
        guard try take(page, of: group, &columns, &losses) else {
            try ask(group, call)
            return Portion(batches: [])
        }
        if !group.isFinished { try ask(group, call) }
        var batches = try columns.batches()
        if let told = try losses.batch() { batches.insert(told, at: 0) }
        return Portion(batches: batches, place: group.place(.points, of: count))
    }

    private func ask(_ group: SeriesGroup, _ call: Call) throws(HostError) {
        let open = group.open
        let items = open.map { index in
            var item = SeriesRequest.Item(id: group.range.lowerBound + index, name: group.series[index].name)
            if case .after(let step, _) = group.series[index].mark { item.afterStep = step }
            return item
        }
        let limit = max(1, Self.pageSize / max(1, open.count))
        try group.ask(request.points(items, limit: limit), limit: limit, call)
    }

    /// False when the page had come before.
    private func take(
        _ page: FloatPage, of group: SeriesGroup, _ columns: inout PointColumns, _ losses: inout LossRows
    ) throws(HostError) -> Bool {
        let open = group.open
        for index in open {
            guard case .after(let step, _) = group.series[index].mark,
                let first = page.series[group.range.lowerBound + index]?.steps.first
            else { continue }
            // Pages ascend, and begin behind the step that was named.
            if !(first > step) {
                try group.noteRepetition(source.catalogue.identifier)
                return false
            }
        }
        group.noteProgress()
        for index in open {
            let points = page.series[group.range.lowerBound + index]
            try take(points, &group.series[index], limit: group.limit, &columns, &losses)
        }
        return true
    }

    private func take(
        _ points: FloatPoints?, _ series: inout SeriesGroup.Series, limit: Int, _ columns: inout PointColumns,
        _ losses: inout LossRows
    ) throws(HostError) {
        guard let points else {
            try series.noteAbsence(source.catalogue.identifier)
            if series.mark == .finished, hasOwnPoints {
                losses.add(
                    .points, series.name, "series.unanswered", kind: .noted,
                    "the server lists the series and gives no point of it")
            }
            return
        }
        columns.add(series.name, points, &losses)
        var handed = points.steps.count
        if case .after(_, let count) = series.mark { handed += count }
        // A page that is not full ends a series, unless the server gives smaller pages than it was asked for.
        let isShort = points.steps.count < limit && Int64(handed) >= points.total
        guard let last = points.steps.last, !isShort, last.isFinite else {
            if Int64(handed) < points.total, hasOwnPoints {
                losses.add(
                    .points, series.name, "series.count", kind: .noted,
                    "the server counts \(points.total) points and gave \(handed); previews must be asked for"
                )
            }
            series.mark = .finished
            return
        }
        series.mark = .after(step: last, count: handed)
    }

    /// Forked runs list series of which they have no point themselves.
    private var hasOwnPoints: Bool {
        source.catalogue.head.forkParent == nil && !source.settings.takesPreviews
    }
}

/// Rows of points/1, by column.
private struct PointColumns {
    private var names: [String] = []
    private var codes: [Int32] = []
    private var steps: [Int64] = []
    private var millionths: [Int32?] = []
    private var hasMillionths = false
    private var times: [Int64?] = []
    private var values: [Double] = []

    mutating func add(_ name: String, _ points: FloatPoints, _ losses: inout LossRows) {
        guard !points.steps.isEmpty else { return }
        let code = Int32(names.count)
        names.append(name)
        var faults = StepFaults()
        for index in points.steps.indices {
            guard let step = faults.step(points.steps[index]) else { continue }
            codes.append(code)
            steps.append(step.whole)
            if step.millionths != 0 {
                hasMillionths = true
                millionths.append(step.millionths)
            } else {
                millionths.append(nil)
            }
            times.append(faults.time(points.times[index]))
            values.append(points.values[index])
        }
        faults.tell(.points, name, &losses)
    }

    /// A server that gives more than it was asked for does not make a batch too large.
    func batches() throws(HostError) -> [RecordBatch] {
        var result: [RecordBatch] = []
        for start in stride(from: 0, to: codes.count, by: 65_536) {
            let range = start..<min(start + 65_536, codes.count)
            var columns: [(name: String, data: ColumnData)] = [
                ("path", .encodedText(EncodedText(texts: names, codes: Array(codes[range])))),
                ("step", .denseInt64(Array(steps[range]))), ("time", .time(Array(times[range]))),
                ("value", .denseFloat64(Array(values[range]))),
            ]
            if hasMillionths { columns.append(("millionths", .int32(Array(millionths[range])))) }
            result.append(try RecordBatch(.points, columns))
        }
        return result
    }
}
