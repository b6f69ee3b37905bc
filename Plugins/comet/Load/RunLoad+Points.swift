// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// Points become metrics, in their order: by it those are known that are there already.
    func write(_ view: PointsView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        let names = view.path.encoded()
        let heads = names.texts.map(writer.head)
        var counts = [Int64](repeating: 0, count: heads.count)
        for row in 0..<view.count {
            guard pointsToSkip == 0 else {
                pointsToSkip -= 1
                continue
            }
            let code = Int(names.codes[row])
            let step = view.step[row]
            guard step?.millionths ?? 0 == 0, let value = view.value[row],
                let milliseconds = view.time.milliseconds(row)
            else { throw fault(view, row) }
            try writer.add(
                point: heads[code], value: value, milliseconds: milliseconds, step: step?.whole,
                holding: sequence, call)
            counts[code] += 1
            expected.see(milliseconds)
        }
        var sampled = LossTally()
        for (name, count) in zip(names.texts, counts) where count > 0 {
            let before = expected.add(points: count, name)
            let most = Int64(Holds.maxPoints)
            if before + count > most { sampled.add("", name, rows: before + count - max(before, most)) }
        }
        sampled.tell(call, .truncated, .points, "points.sampled") { _ in
            "Comet shows a sample of \(Holds.maxPoints) points of a metric, and may keep no more"
        }
    }

    private func fault(_ view: PointsView, _ row: Int) -> HostError {
        HostError(
            .invalidState, "Comet needs a time and a whole step.", subject: view.path[row] ?? "",
            remedy: "Report this: the host prepares points by the plugin's limits.")
    }
}
