// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The value of a point that is no float.
enum PointObject {
    case text(String)
    case histogram(kind: String, edges: [Double], values: [Double])
    case file(StoredFile)
}

/// One point of a series of texts, histograms or files.
struct ObjectPoint {
    /// Milliseconds since 1970 UTC.
    var time: Int64 = 0
    var step = 0.0
    /// nil: of a kind that this program does not know.
    var object: PointObject?

    /// `ProtoPointValueDTO`. Presence tells the kind: an empty text is a text.
    init(_ message: WireReader) throws(HostError) {
        var message = message
        while let (number, value) = try message.next() {
            switch number {
            case 1: time = try message.int64(value)
            case 2: step = try message.double(value)
            // Where servers put texts before they had other kinds.
            case 3: object = .text(try message.text(value))
            case 6: object = try Self.object(try message.message(value)) ?? object
            default: break
            }
        }
    }

    private static func object(_ message: WireReader) throws(HostError) -> PointObject? {
        var message = message
        var result: PointObject?
        while let (number, value) = try message.next() {
            switch number {
            case 1: result = .text(try message.text(value))
            case 2: result = try histogram(try message.message(value))
            case 3: result = .file(try StoredFile(try message.message(value)))
            default: break
            }
        }
        return result
    }

    private static func histogram(_ message: WireReader) throws(HostError) -> PointObject {
        var message = message
        var kind = ""
        var edges: [Double] = []
        var values: [Double] = []
        while let (number, value) = try message.next() {
            switch number {
            case 1: kind = try message.text(value)
            case 2: try message.doubles(value, to: &edges)
            case 3: try message.doubles(value, to: &values)
            default: break
            }
        }
        return .histogram(kind: kind, edges: edges, values: values)
    }
}

/// `ProtoSeriesValuesResponseDTO`, by the number of the request; what was not asked is left out.
struct ObjectPage {
    struct Series {
        var points: [ObjectPoint] = []
        /// Where to go on; nil: the page did not get as far as this series.
        var next: (isFinished: Bool, token: String)?
    }
    var series: [Int: Series] = [:]

    init(_ bytes: [UInt8], salt: String) throws(HostError) {
        var message = WireReader(bytes)
        while let (number, value) = try message.next() {
            guard number == 1 else { continue }
            var single = try message.message(value)
            var id = ""
            var series = Series()
            while let (number, value) = try single.next() {
                switch number {
                case 1: id = try single.text(value)
                case 2: series.next = try Self.place(try single.message(value))
                case 3, 4:
                    var values = try single.message(value)
                    while let (field, value) = try values.next() {
                        if field == 1 { series.points.append(try ObjectPoint(try values.message(value))) }
                    }
                default: break
                }
            }
            guard let position = RequestID.position(id, salt) else { continue }
            self.series[position] = series
        }
    }

    private static func place(_ message: WireReader) throws(HostError) -> (isFinished: Bool, token: String) {
        var message = message
        var result = (isFinished: false, token: "")
        while let (number, value) = try message.next() {
            switch number {
            case 1: result.isFinished = try message.bool(value)
            case 2: result.token = try message.text(value)
            default: break
            }
        }
        return result
    }
}
