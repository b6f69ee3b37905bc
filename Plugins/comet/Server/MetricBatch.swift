// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The next batch of points, filled across names and batches.
struct MetricBatch {
    /// Comet's own client sends as many.
    private static let maxPoints = 1000

    private var values: [UInt8] = []
    private(set) var count = 0
    /// The lowest batch of which points wait here.
    private(set) var lowest: UInt64?

    var isFull: Bool { count >= Self.maxPoints }

    static func head(_ name: String) -> [UInt8] {
        var bytes = Array(#"{"metricName":"#.utf8)
        bytes.appendJSON(name)
        bytes.append(contentsOf: #","metricValue":"#.utf8)
        return bytes
    }

    private static let step = Array(#","step":"#.utf8)
    private static let null = Array("null".utf8)
    private static let timestamp = Array(#","epoch":null,"context":null,"timestamp":"#.utf8)

    mutating func add(
        _ head: [UInt8], value: Double, milliseconds: Int64, step: Int64?, holding: UInt64
    ) {
        if count > 0 { values.append(UInt8(ascii: ",")) }
        values.append(contentsOf: head)
        values.appendJSON(value)
        values.append(contentsOf: Self.step)
        if let step { values.appendDecimal(step) } else { values.append(contentsOf: Self.null) }
        values.append(contentsOf: Self.timestamp)
        values.appendDecimal(milliseconds)
        values.append(UInt8(ascii: "}"))
        count += 1
        lowest = lowest ?? holding
    }

    /// The body of a request; the batch is empty after that.
    mutating func take(_ key: ExperimentKey) -> [UInt8] {
        let body = ValueList.body(key, values)
        values.removeAll(keepingCapacity: true)
        (count, lowest) = (0, nil)
        return body
    }
}

/// The next batch of parameters.
struct ParameterBatch {
    private static let maxParameters = 1000

    private var values: [UInt8] = []
    private(set) var count = 0
    private(set) var lowest: UInt64?

    var isFull: Bool { count >= Self.maxParameters }

    /// `milliseconds`: when the parameter was set.
    mutating func add(_ name: String, _ value: Fragment, milliseconds: Int64, holding: UInt64) {
        if count > 0 { values.append(UInt8(ascii: ",")) }
        values.append(contentsOf: #"{"parameterName":"#.utf8)
        values.appendJSON(name)
        values.append(contentsOf: #","parameterValue":"#.utf8)
        values.append(contentsOf: value.bytes)
        values.append(contentsOf: #","step":null,"source":"manual","context":null,"timestamp":"#.utf8)
        values.appendDecimal(milliseconds)
        values.append(UInt8(ascii: "}"))
        count += 1
        lowest = lowest ?? holding
    }

    mutating func take(_ key: ExperimentKey) -> [UInt8] {
        let body = ValueList.body(key, values)
        values.removeAll(keepingCapacity: true)
        (count, lowest) = (0, nil)
        return body
    }
}

private enum ValueList {
    static func body(_ key: ExperimentKey, _ values: [UInt8]) -> [UInt8] {
        var json = JSONWriter(reserving: values.count + 128)
        json.beginObject()
        json.field("experimentKey", key.text)
        json.key("values")
        json.beginArray()
        json.finished(values)
        json.endArray()
        json.endObject()
        return json.bytes
    }
}
