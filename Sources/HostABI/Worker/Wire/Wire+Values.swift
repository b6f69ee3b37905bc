// SPDX-License-Identifier: Apache-2.0

internal import HostHTTP
internal import HostRecords

// Values of options, and requests of the HTTP service with their answers.

extension WireWriter {
    mutating func put(_ value: OptionValue) {
        switch value {
        case .text(let text):
            put(UInt8(0))
            put(text)
        case .integer(let integer):
            put(UInt8(1))
            put(integer)
        case .number(let number):
            put(UInt8(2))
            put(number)
        }
    }

    mutating func put(_ values: OptionValues) {
        put(values.scope)
        put(values.values.sorted { $0.key < $1.key }) {
            $0.put(UInt32($1.key))
            $0.put($1.value)
        }
    }

    mutating func put(_ headers: [HTTPRequest.Header]) {
        put(headers) {
            $0.put($1.name)
            $0.put($1.value)
        }
    }

    /// All but the body.
    mutating func put(_ request: HTTPRequest) {
        put(request.method)
        put(request.url)
        put(request.headers)
        put(request.isIdempotent)
        put(request.hidesQuery)
        put(request.timeout.map { $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000 })
        put(Int64(request.maxAnswerBytes))
    }
}

extension WireReader {
    mutating func optionValue() throws(HostError) -> OptionValue {
        switch try number(UInt8.self) {
        case 0: .text(try text())
        case 1: .integer(try number())
        case 2: .number(try double())
        default: throw Self.damaged
        }
    }

    mutating func optionValues() throws(HostError) -> OptionValues {
        var values = OptionValues(scope: try text(), values: [:])
        let pairs = try list { reader throws(HostError) in
            (Int(try reader.number(UInt32.self)), try reader.optionValue())
        }
        for (index, value) in pairs { values.values[index] = value }
        return values
    }

    mutating func headers() throws(HostError) -> [HTTPRequest.Header] {
        try list { reader throws(HostError) in (name: try reader.text(), value: try reader.text()) }
    }

    mutating func request() throws(HostError) -> HTTPRequest {
        var request = HTTPRequest(try text(), try text(), headers: try headers())
        request.isIdempotent = try bool()
        request.hidesQuery = try bool()
        request.timeout = try optionalNumber().map { .milliseconds($0) }
        request.maxAnswerBytes = Int(clamping: try number(Int64.self))
        return request
    }
}
