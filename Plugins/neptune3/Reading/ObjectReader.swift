// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Reads the series of one type whose points are texts, histograms or files.
///
/// The server pages them by tokens of its own, which are nothing to keep in a cursor: reading goes on by
/// asking for the series from its start and passing over what was handed over before.
final class ObjectReader: PhaseReader {
    private let source: RunSource
    private let type: AttributeType
    private let phase: ReadPhase
    private let request: SeriesRequest
    private let count: Int
    private var window: GroupWindow
    /// Portions of the last page that wait to be handed over.
    private var rest: ArraySlice<ObjectRows> = []
    private var restPlace: ReadPlace?

    init(_ source: RunSource, _ type: AttributeType, at place: ReadPlace) throws(HostError) {
        self.source = source
        self.type = type
        phase = place.phase
        request = SeriesRequest(source: source.server, source.catalogue, source.settings)
        let names = source.catalogue.names(type)
        count = names.count
        window = try GroupWindow(source, names, at: place)
    }

    func next(_ call: Call) throws(HostError) -> Portion? {
        if let rows = rest.popFirst() {
            return Portion(
                batches: try rows.batches(type, source, call), place: rest.isEmpty ? restPlace : nil)
        }
        let first = try window.first { group throws(HostError) in
            for index in group.series.indices {
                if case .after(_, let count) = group.series[index].mark { group.series[index].toSkip = count }
            }
            try ask(group, call)
        }
        guard let group = first else { return nil }
        if !group.isUnderWay { try ask(group, call) }
        let page = try group.answer(source.catalogue.identifier, call) { bytes throws(HostError) in
            try ObjectPage(bytes, salt: request.salt)
        }
        var rows = ObjectRowsBuilder(type)
        if try take(page, of: group, &rows) { group.noteProgress() }
        if !group.isFinished { try ask(group, call) }
        rest = rows.finished()[...]
        restPlace = group.place(phase, of: count)
        return Portion(batches: [])
    }

    private func ask(_ group: SeriesGroup, _ call: Call) throws(HostError) {
        let items = group.open.map { index in
            SeriesRequest.Item(
                id: group.range.lowerBound + index, name: group.series[index].name,
                token: group.series[index].token)
        }
        try group.ask(request.objects(items), call)
    }

    /// False when the page had come before: then nothing of it is taken.
    private func take(
        _ page: ObjectPage, of group: SeriesGroup, _ rows: inout ObjectRowsBuilder
    ) throws(HostError) -> Bool {
        let open = group.open
        for index in open {
            if let last = group.series[index].lastStep,
                let first = page.series[group.range.lowerBound + index]?.points.first, !(first.step > last)
            {
                try group.noteRepetition(source.catalogue.identifier)
                return false
            }
        }
        // A server that gives no places gives all at once.
        let hasPlaces = page.series.values.contains { $0.next != nil }
        for index in open {
            guard let answered = page.series[group.range.lowerBound + index] else {
                try group.series[index].noteAbsence(source.catalogue.identifier)
                if group.series[index].mark == .finished { tellUnanswered(group.series[index].name, &rows) }
                continue
            }
            try take(answered, &group.series[index], isLast: !hasPlaces, &rows)
        }
        return true
    }

    private func take(
        _ answered: ObjectPage.Series, _ series: inout SeriesGroup.Series, isLast: Bool,
        _ rows: inout ObjectRowsBuilder
    ) throws(HostError) {
        var points = answered.points[...]
        if series.toSkip > 0 {
            let skipped = points.prefix(series.toSkip)
            points = points.dropFirst(skipped.count)
            series.toSkip -= skipped.count
            if series.toSkip == 0, let last = skipped.last, case .after(let step, _) = series.mark,
                last.step != step
            {
                throw HostError(
                    .invalidData, "The series \(series.name) is not as it was when the cursor was made.",
                    subject: source.catalogue.identifier)
            }
        }
        rows.add(series.name, points)
        series.received += answered.points.count
        if let last = answered.points.last {
            series.lastStep = last.step
            if series.toSkip == 0 { series.mark = .after(step: last.step, count: series.received) }
        }
        if answered.next?.isFinished ?? isLast {
            guard series.toSkip == 0 else {
                throw HostError(
                    .invalidData, "The series \(series.name) has fewer points than when the cursor was made.",
                    subject: source.catalogue.identifier)
            }
            series.mark = .finished
        } else if let token = answered.next?.token {
            series.token = token
        }
    }

    private func tellUnanswered(_ name: String, _ rows: inout ObjectRowsBuilder) {
        guard source.catalogue.head.forkParent == nil else { return }
        rows.losses.add(
            type.table, name, "series.unanswered", kind: .noted,
            "the server lists the series and gives no point of it")
    }
}
