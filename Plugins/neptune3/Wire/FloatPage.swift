// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Points of one series, as columns.
struct FloatPoints {
    /// Points of the whole series.
    var total: Int64 = 0
    /// Milliseconds since 1970 UTC.
    var times: [Int64] = []
    var steps: [Double] = []
    var values: [Double] = []
}

/// `ProtoFloatSeriesValuesResponseDTO`, by the number of the request; what was not asked is left out.
struct FloatPage {
    var series: [Int: FloatPoints] = [:]

    init(_ bytes: [UInt8], salt: String) throws(HostError) {
        var message = WireReader(bytes)
        while let (number, value) = try message.next() {
            guard number == 1 else { continue }
            var single = try message.message(value)
            var id = ""
            var content: WireReader?
            while let (number, value) = try single.next() {
                switch number {
                case 1: id = try single.text(value)
                case 2: content = try single.message(value)
                default: break
                }
            }
            guard let position = RequestID.position(id, salt) else { continue }
            var points = series.removeValue(forKey: position) ?? FloatPoints()
            if let content { try Self.read(content, &points) }
            series[position] = points
        }
    }

    private static func read(_ message: WireReader, _ points: inout FloatPoints) throws(HostError) {
        var message = message
        while let (number, value) = try message.next() {
            switch number {
            case 1: points.total = try message.int64(value)
            case 2:
                var point = try message.message(value)
                var time: Int64 = 0
                var step = 0.0
                var number = 0.0
                while let (field, value) = try point.next() {
                    switch field {
                    case 1: time = try point.int64(value)
                    case 2: step = try point.double(value)
                    case 3: number = try point.double(value)
                    default: break
                    }
                }
                points.times.append(time)
                points.steps.append(step)
                points.values.append(number)
            default: break
            }
        }
    }
}
