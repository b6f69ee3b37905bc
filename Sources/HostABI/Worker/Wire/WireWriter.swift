// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// The values of one message, one behind the other: whole numbers in little endian, texts and lists with their
/// length before them. Both ends are the same build, so there is no version in it.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put<Number: FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func put(_ value: Double) { put(value.bitPattern) }

    mutating func put(_ text: String) {
        put(UInt32(clamping: text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func put(_ blob: [UInt8]) {
        put(UInt64(blob.count))
        bytes.append(contentsOf: blob)
    }

    mutating func put<Value>(_ value: Value?, _ one: (inout WireWriter, Value) -> Void) {
        put(value != nil)
        if let value { one(&self, value) }
    }

    mutating func put(_ text: String?) { put(text) { $0.put($1) } }

    mutating func put(_ number: Int64?) { put(number) { $0.put($1) } }

    mutating func put<Value>(_ list: [Value], _ one: (inout WireWriter, Value) -> Void) {
        put(UInt32(list.count))
        for value in list { one(&self, value) }
    }
}
