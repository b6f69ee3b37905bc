// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The next log-batch body, filled across names, tables and batches: full bodies cost the server a quarter less per
/// point, and params and tags that ride along with points cost it next to nothing.
struct Outbox {
    private enum Limit {
        static let metrics = 1000
        static let params = 100
        static let tags = 100
        static let items = 1000
        /// Documented as 1 MB; servers other than the open-source one enforce it.
        static let bytes = 900_000
    }

    private let head: [UInt8]
    private var metrics: [UInt8] = []
    private var params: [UInt8] = []
    private var tags: [UInt8] = []
    private var metricCount = 0
    private var paramCount = 0
    private var tagCount = 0
    /// The lowest batch of which rows wait here.
    private(set) var lowest: UInt64?

    init(run: String) {
        var json = JSONWriter()
        json.beginObject()
        json.field("run_id", run)
        head = json.bytes
        metrics.reserveCapacity(1 << 17)
    }

    var isEmpty: Bool { metricCount + paramCount + tagCount == 0 }

    private var items: Int { metricCount + paramCount + tagCount }
    private var size: Int { metrics.count + params.count + tags.count }

    var takesMetric: Bool {
        metricCount < Limit.metrics && items < Limit.items && size < Limit.bytes
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
        if metricCount > 0 { metrics.append(UInt8(ascii: ",")) }
        metrics.append(contentsOf: head)
        metrics.appendJSON(value)
        metrics.append(contentsOf: Self.timestamp)
        metrics.appendDecimal(milliseconds)
        metrics.append(contentsOf: Self.step)
        metrics.appendDecimal(step)
        metrics.append(UInt8(ascii: "}"))
        metricCount += 1
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

    /// The body; the outbox is empty after that.
    mutating func take() -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(head.count + size + 64)
        body.append(contentsOf: head)
        for (name, list) in [("metrics", metrics), ("params", params), ("tags", tags)] where !list.isEmpty {
            body.append(contentsOf: ",\"\(name)\":[".utf8)
            body.append(contentsOf: list)
            body.append(UInt8(ascii: "]"))
        }
        body.append(UInt8(ascii: "}"))
        metrics.removeAll(keepingCapacity: true)
        params.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        (metricCount, paramCount, tagCount, lowest) = (0, 0, 0, nil)
        return body
    }
}
