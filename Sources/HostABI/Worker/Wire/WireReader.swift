// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// Reads what a `WireWriter` wrote. The other end may be a plugin gone wild, so every length is checked.
struct WireReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static let damaged = HostError(.internal, "A message between host and worker is damaged.", retry: .never)

    var isAtEnd: Bool { position == bytes.count }

    private mutating func take(_ count: Int) throws(HostError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw Self.damaged }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(HostError) -> Number {
        let raw = try take(MemoryLayout<Number>.size)
        return raw.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: Number.self)) }
    }

    mutating func bool() throws(HostError) -> Bool { try number(UInt8.self) == 1 }

    mutating func double() throws(HostError) -> Double { Double(bitPattern: try number()) }

    mutating func text() throws(HostError) -> String {
        String(decoding: try take(Int(try number(UInt32.self))), as: UTF8.self)
    }

    mutating func blob() throws(HostError) -> [UInt8] {
        Array(try take(Int(clamping: try number(UInt64.self))))
    }

    mutating func optional<Value>(
        _ one: (inout WireReader) throws(HostError) -> Value
    ) throws(HostError) -> Value? {
        try bool() ? try one(&self) : nil
    }

    mutating func optionalText() throws(HostError) -> String? {
        try optional { reader throws(HostError) in try reader.text() }
    }

    mutating func optionalNumber() throws(HostError) -> Int64? {
        try optional { reader throws(HostError) in try reader.number() }
    }

    mutating func list<Value>(
        _ one: (inout WireReader) throws(HostError) -> Value
    ) throws(HostError) -> [Value] {
        let count = Int(try number(UInt32.self))
        // Each value has a byte at least, so a damaged count can't ask for memory that is not there.
        guard count <= bytes.count - position else { throw Self.damaged }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try one(&self)) }
        return values
    }
}
