// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// One log-batch request, which can be taken apart again.
struct LogBatch {
    let run: String
    /// Points as JSON objects with commas between, and where each ends.
    let metrics: [UInt8]
    let metricEnds: [Int]
    let params: [UInt8]
    let tags: [UInt8]

    var body: [UInt8] {
        var json = JSONWriter(reserving: metrics.count + params.count + tags.count + 128)
        json.beginObject()
        json.field("run_id", run)
        for (name, list) in [("metrics", metrics), ("params", params), ("tags", tags)] where !list.isEmpty {
            json.key(name)
            json.beginArray()
            json.finished(list)
            json.endArray()
        }
        json.endObject()
        return json.bytes
    }

    /// The same in requests of at most `count` points; params and tags go alone.
    func pieces(of count: Int) -> [LogBatch] {
        var pieces: [LogBatch] = []
        if !params.isEmpty || !tags.isEmpty {
            pieces.append(LogBatch(run: run, metrics: [], metricEnds: [], params: params, tags: tags))
        }
        for first in stride(from: 0, to: metricEnds.count, by: count) {
            let last = min(first + count, metricEnds.count) - 1
            // Behind the comma that ends the point before.
            let start = first == 0 ? 0 : metricEnds[first - 1] + 1
            pieces.append(
                LogBatch(
                    run: run, metrics: Array(metrics[start..<metricEnds[last]]),
                    metricEnds: metricEnds[first...last].map { $0 - start }, params: [], tags: []))
        }
        return pieces
    }
}

/// Batches that the server refused for points that it has already.
///
/// Servers before 3.16 sort out such points a hundred at a time by name, and then stumble over those of the
/// other names, or over NaN, which equals nothing (mlflow, `SqlAlchemyStore._log_metrics`). In pieces of a
/// hundred the first goes well; alone, a point that is refused for being there is there.
final class ReturnedBatches {
    struct Item {
        let batch: LogBatch
        let holding: UInt64
    }

    static let pieceSize = 100

    private var items: [Item] = []

    var lowestHeld: UInt64? { items.lazy.map(\.holding).min() }

    func take() -> Item? { items.popLast() }

    /// False when the refusal says something else.
    func accept(_ refusal: Refusal, _ batch: LogBatch, _ holding: UInt64) -> Bool {
        guard refusal.isDuplicatePoint, !batch.metricEnds.isEmpty else { return false }
        let isAlone = batch.metricEnds.count == 1 && batch.params.isEmpty && batch.tags.isEmpty
        if !isAlone { items.append(Item(batch: batch, holding: holding)) }
        return true
    }
}
