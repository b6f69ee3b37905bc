// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// Points become metrics, those of one name side by side: a request that holds few names costs the server a
    /// tenth less, since it brings the latest value of each name up to date. Every value is checked here: the server
    /// answers 200 to a body that it cut at the first value it did not like.
    func write(_ view: PointsView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        let names = view.path.encoded()
        let heads = names.texts.map(Outbox.metricHead)
        var counts = [Int](repeating: 0, count: heads.count)
        var latest = Int64.min
        for row in Self.rowsByName(names) {
            let code = Int(names.codes[row])
            guard let step = view.step[row], step.millionths == 0, let value = view.value[row],
                let milliseconds = view.time.milliseconds(row), milliseconds >= 0
            else { throw fault(view, row) }
            if !outbox.takesMetric { try dispatch(call) }
            outbox.addMetric(
                heads[code], value: value, milliseconds: milliseconds, step: step.whole, sequence: sequence)
            counts[code] += 1
            latest = max(latest, milliseconds)
        }
        for (name, count) in zip(names.texts, counts) { expected.add(points: count, name) }
        if view.count > 0 { expected.see(latest) }
    }

    /// The rows of one name after those of another, each in their order: a counting sort.
    private static func rowsByName(_ names: EncodedText) -> [Int] {
        var places = [Int](repeating: 0, count: names.texts.count + 1)
        for code in names.codes { places[Int(code) + 1] += 1 }
        for code in names.texts.indices { places[code + 1] += places[code] }
        var rows = [Int](repeating: 0, count: names.codes.count)
        for (row, code) in names.codes.enumerated() {
            rows[places[Int(code)]] = row
            places[Int(code)] += 1
        }
        return rows
    }

    private func fault(_ view: PointsView, _ row: Int) -> HostError {
        let step = view.step[row].map(\.description) ?? "none"
        let time = view.time[row].map { UTCTime(microseconds: $0).isoText } ?? "none"
        return HostError(
            .invalidState,
            "MLflow needs a whole step and a time not before 1970; this point has step \(step), time \(time).",
            subject: view.path[row] ?? "",
            remedy: "Report this: the host prepares points by the plugin's limits.")
    }
}
