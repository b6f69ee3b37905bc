// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The next log-batch body, filled across names, tables and batches: full bodies cost the server a quarter
/// less per point, and params and tags that ride along with points cost it next to nothing.
struct Outbox {
    private enum Limit {
        static let metrics = 1000
        static let params = 100
        static let tags = 100
        static let items = 1000
        /// Documented as 1 MB; servers other than the open-source one enforce it.
        static let bytes = 900_000
    }

    private let run: String
    private var metrics: [UInt8] = []
    /// Where each point ends in `metrics`.
    private var metricEnds: [Int] = []
    private var params: [UInt8] = []
    private var tags: [UInt8] = []
    private var paramCount = 0
    private var tagCount = 0
    /// The lowest batch of which rows wait here.
    private(set) var lowest: UInt64?

    init(run: String) {
        self.run = run
    }

    var isEmpty: Bool { items == 0 }

    private var items: Int { metricEnds.count + paramCount + tagCount }
    private var size: Int { metrics.count + params.count + tags.count }

    var takesMetric: Bool {
        metricEnds.count < Limit.metrics && items < Limit.items && size < Limit.bytes
    }

    func takesParam(_ item: [UInt8]) -> Bool {
        paramCount < Limit.params && items < Limit.items && (isEmpty || size + item.count < Limit.bytes)
    }

    func takesTag(_ item: [UInt8]) -> Bool {
        tagCount < Limit.tags && items < Limit.items && (isEmpty || size + item.count < Limit.bytes)
    }

    static func item(_ name: String, _ value: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("key", name)
        json.field("value", value)
        json.endObject()
        return json.bytes
    }

    /// What each point of one name begins with.
    static func metricHead(_ name: String) -> [UInt8] {
        var bytes = Array(#"{"key":"#.utf8)
        bytes.appendJSON(name)
        bytes.append(contentsOf: #","value":"#.utf8)
        return bytes
    }

    private static let timestamp = Array(#","timestamp":"#.utf8)
    private static let step = Array(#","step":"#.utf8)

    mutating func addMetric(
        _ head: [UInt8], value: Double, milliseconds: Int64, step: Int64, sequence: UInt64
    ) {
        if !metricEnds.isEmpty { metrics.append(UInt8(ascii: ",")) }
        metrics.append(contentsOf: head)
        metrics.appendJSON(value)
        metrics.append(contentsOf: Self.timestamp)
        metrics.appendDecimal(milliseconds)
        metrics.append(contentsOf: Self.step)
        metrics.appendDecimal(step)
        metrics.append(UInt8(ascii: "}"))
        metricEnds.append(metrics.count)
        hold(sequence)
    }

    mutating func addParam(_ item: [UInt8], sequence: UInt64) {
        if paramCount > 0 { params.append(UInt8(ascii: ",")) }
        params.append(contentsOf: item)
        paramCount += 1
        hold(sequence)
    }

    mutating func addTag(_ item: [UInt8], sequence: UInt64) {
        if tagCount > 0 { tags.append(UInt8(ascii: ",")) }
        tags.append(contentsOf: item)
        tagCount += 1
        hold(sequence)
    }

    private mutating func hold(_ sequence: UInt64) {
        if lowest == nil { lowest = sequence }
    }

    /// What is to be sent; the outbox is empty after that.
    mutating func take() -> LogBatch {
        let batch = LogBatch(run: run, metrics: metrics, metricEnds: metricEnds, params: params, tags: tags)
        // The batch keeps the memory: fresh arrays are cheaper than copies.
        metrics = []
        metrics.reserveCapacity(batch.metrics.count + batch.metrics.count / 8)
        metricEnds = []
        metricEnds.reserveCapacity(batch.metricEnds.count)
        params = []
        tags = []
        (paramCount, tagCount, lowest) = (0, 0, nil)
        return batch
    }
}
