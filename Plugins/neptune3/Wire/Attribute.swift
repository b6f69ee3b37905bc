// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A file that Neptune stores: where it lies in the storage, and what is said of it.
struct StoredFile {
    var path = ""
    /// Bytes; 0 when not told.
    var size: Int64 = 0
    var mediaType = ""

    /// `ProtoFileRef`; its twin of single files has the same fields two numbers higher.
    init(_ message: WireReader, firstField: Int = 1) throws(HostError) {
        var message = message
        while let (number, value) = try message.next() {
            switch number - firstField {
            case 0: path = try message.text(value)
            case 1: size = try message.int64(value)
            case 2: mediaType = try message.text(value)
            default: break
            }
        }
    }
}

/// What an attribute of a run holds.
enum AttributeValue {
    case field(FieldValue)
    case file(StoredFile)
    /// Points are asked for elsewhere.
    case floatSeries(hasPreviews: Bool)
    case otherSeries
    /// The message has no member that this program knows, or none at all.
    case none
    /// A time beyond the year 294,000, where microseconds end.
    case timeOutOfRange
}

/// `ProtoAttributeDTO`.
struct Attribute {
    var name = ""
    var value = AttributeValue.none

    init(_ message: WireReader) throws(HostError) {
        var message = message
        while let (number, value) = try message.next() {
            switch number {
            case 1: name = try message.text(value)
            case 3...13: self.value = try Self.value(number, try message.message(value))
            default: break
            }
        }
    }

    /// The members 3 to 13; in each, field 3 and those behind it are the value. What is absent in proto3 is
    /// zero.
    private static func value(_ member: Int, _ message: WireReader) throws(HostError) -> AttributeValue {
        var message = message
        switch member {
        case 10: return .file(try StoredFile(message, firstField: 3))
        case 11, 12, 13: return .otherSeries
        default: break
        }
        var integer: Int64 = 0
        var number = 0.0
        var text = ""
        var texts: [String] = []
        var hasPreviews = false
        while let (field, value) = try message.next() {
            switch (member, field) {
            case (3, 3), (6, 3), (7, 3): integer = try message.int64(value)
            case (4, 3): number = try message.double(value)
            case (5, 3): text = try message.text(value)
            case (8, 3): texts.append(try message.text(value))
            case (9, 10): hasPreviews = try message.bool(value)
            default: break
            }
        }
        switch member {
        case 3: return .field(.int(integer))
        case 4: return .field(.float(number))
        case 5: return .field(.text(text))
        case 6: return .field(.bool(integer != 0))
        case 7:
            return WireTime.microseconds(integer).map { .field(.time(microseconds: $0)) } ?? .timeOutOfRange
        case 8: return .field(.set(texts))
        default: return .floatSeries(hasPreviews: hasPreviews)
        }
    }
}

/// Neptune's times are milliseconds since 1970 UTC.
enum WireTime {
    /// nil beyond the year 294,000, where microseconds end.
    static func microseconds(_ milliseconds: Int64) -> Int64? {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        return overflow ? nil : product
    }
}
