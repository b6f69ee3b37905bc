// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// One field of a protobuf message, by its wire type (https://protobuf.dev/programming-guides/encoding/).
enum WireValue {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// Where text, bytes, a message inside or packed numbers lie.
    case span(Range<Int>)
}

/// Reads the fields of one protobuf message. Each length is checked against what is there, so a damaged
/// answer is an error and never a crash; what to do with unknown fields is the caller's part.
///
/// Written by hand because few of Neptune's messages are read, and none is written.
struct WireReader {
    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        place = 0
        end = bytes.count
    }

    private init(_ bytes: [UInt8], _ span: Range<Int>) {
        self.bytes = bytes
        place = span.lowerBound
        end = span.upperBound
    }

    /// nil at the end of the message.
    mutating func next() throws(HostError) -> (number: Int, value: WireValue)? {
        guard place < end else { return nil }
        let key = try varint()
        guard key >> 3 > 0, key >> 3 <= 536_870_911 else { throw Self.damage("a field has no number") }
        let number = Int(key >> 3)
        switch key & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed64()))
        case 2:
            let size = try varint()
            guard size <= UInt64(end - place) else { throw Self.damage("a field is longer than its message") }
            let start = place
            place += Int(size)
            return (number, .span(start..<place))
        case 5:
            guard end - place >= 4 else { throw Self.damage("a number is cut off") }
            let low = bytes[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            place += 4
            return (number, .fixed32(low))
        default: throw Self.damage("a field has an unknown form")
        }
    }

    private mutating func varint() throws(HostError) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard place < end else { throw Self.damage("a number is cut off") }
            let byte = bytes[place]
            place += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        throw Self.damage("a number has more than ten bytes")
    }

    private mutating func fixed64() throws(HostError) -> UInt64 {
        guard end - place >= 8 else { throw Self.damage("a number is cut off") }
        defer { place += 8 }
        return bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
    }

    static func damage(_ what: String) -> HostError {
        HostError(
            .invalidData, "The server's answer is damaged: \(what).", subject: "protobuf", retry: .later)
    }
}

extension WireReader {
    func message(_ value: WireValue) throws(HostError) -> WireReader {
        guard case .span(let span) = value else { throw Self.damage("a message is a number") }
        return WireReader(bytes, span)
    }

    func text(_ value: WireValue) throws(HostError) -> String {
        guard case .span(let span) = value else { throw Self.damage("a text is a number") }
        guard let text = String(validating: bytes[span], as: UTF8.self) else {
            throw Self.damage("a text is not UTF-8")
        }
        return text
    }

    func int64(_ value: WireValue) throws(HostError) -> Int64 {
        guard case .varint(let bits) = value else { throw Self.damage("a whole number has another form") }
        return Int64(bitPattern: bits)
    }

    func bool(_ value: WireValue) throws(HostError) -> Bool { try int64(value) != 0 }

    func double(_ value: WireValue) throws(HostError) -> Double {
        guard case .fixed64(let bits) = value else { throw Self.damage("a number has another form") }
        return Double(bitPattern: bits)
    }

    /// Appends packed numbers, or the one that comes alone.
    func doubles(_ value: WireValue, to list: inout [Double]) throws(HostError) {
        guard case .span(let span) = value else {
            list.append(try double(value))
            return
        }
        guard span.count % 8 == 0 else { throw Self.damage("packed numbers are cut off") }
        bytes.withUnsafeBytes { raw in
            for place in stride(from: span.lowerBound, to: span.upperBound, by: 8) {
                let bits = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                list.append(Double(bitPattern: bits))
            }
        }
    }
}
