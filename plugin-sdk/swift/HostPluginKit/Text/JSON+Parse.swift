// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// Reads one JSON text (RFC 8259). Beyond it, the bare words `NaN`, `Infinity` and `-Infinity` are taken,
    /// since Python servers write them. Of members of one name the last counts; a lone surrogate becomes
    /// U+FFFD.
    public init(parsing bytes: [UInt8]) throws(HostError) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }
}

private struct JSONParser {
    /// Deeper nesting is no answer of a sane server, and would exhaust the stack.
    private static let maxDepth = 256

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(HostError) -> JSON {
        let result = try value(depth: 0)
        skipBlanks()
        guard place == bytes.count else { throw fault("text after the value") }
        return result
    }

    private func fault(_ what: String) -> HostError {
        HostError(.invalidData, "This is not JSON: \(what) at byte \(place).")
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[place..<end].elementsEqual("\(word)".utf8) else { return false }
        place = end
        return true
    }

    private mutating func value(depth: Int) throws(HostError) -> JSON {
        guard depth < Self.maxDepth else { throw fault("more than \(Self.maxDepth) levels") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t") where word("true"): return .bool(true)
        case UInt8(ascii: "f") where word("false"): return .bool(false)
        case UInt8(ascii: "n") where word("null"): return .null
        case UInt8(ascii: "N") where word("NaN"): return .double(.nan)
        case UInt8(ascii: "I") where word("Infinity"): return .double(.infinity)
        case UInt8(ascii: "-") where word("-Infinity"): return .double(-.infinity)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(HostError) -> JSON {
        place += 1
        var members: [String: JSON] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw fault("no member name") }
            let name = try text()
            guard take(UInt8(ascii: ":")) else { throw fault("no ':'") }
            members[name] = try value(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("no '}'") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(HostError) -> JSON {
        place += 1
        var items: [JSON] = []
        if take(UInt8(ascii: "]")) { return .array(items) }
        repeat {
            items.append(try value(depth: depth + 1))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("no ']'") }
        return .array(items)
    }

    private mutating func number() throws(HostError) -> JSON {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        let first = next
        let whole = skipDigits()
        guard whole > 0, whole == 1 || first != UInt8(ascii: "0") else { throw fault("no value") }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            place += 1
            guard skipDigits() > 0 else { throw fault("no digit after '.'") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            guard skipDigits() > 0 else { throw fault("no digit after 'e'") }
        }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let number = Int64(digits) { return .int(number) }
        guard let number = Double(digits) else { throw fault("no number") }
        return .double(number)
    }

    private mutating func skipDigits() -> Int {
        let start = place
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { place += 1 }
        return place - start
    }

    private mutating func text() throws(HostError) -> String {
        place += 1
        var start = place
        var collected: [UInt8] = []
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                defer { place += 1 }
                if collected.isEmpty { return String(decoding: bytes[start..<place], as: UTF8.self) }
                collected.append(contentsOf: bytes[start..<place])
                return String(decoding: collected, as: UTF8.self)
            }
            guard byte >= 0x20 else { throw fault("a control character in a text") }
            guard byte == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            collected.append(contentsOf: bytes[start..<place])
            place += 1
            try escape(into: &collected)
            start = place
        }
        throw fault("a text without end")
    }

    private mutating func escape(into collected: inout [UInt8]) throws(HostError) {
        guard let byte = next else { throw fault("a text without end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar()
            collected.append(contentsOf: Character(scalar).utf8)
        default: throw fault("an unknown escape")
        }
    }

    private mutating func escapedScalar() throws(HostError) -> Unicode.Scalar {
        let unit = try hexUnit()
        guard unit & 0xFC00 == 0xD800, place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
            bytes[place + 1] == UInt8(ascii: "u")
        else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        let mark = place
        place += 2
        let low = try hexUnit()
        guard low & 0xFC00 == 0xDC00 else {
            place = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF) ?? "\u{FFFD}"
    }

    private mutating func hexUnit() throws(HostError) -> UInt32 {
        guard place + 4 <= bytes.count else { throw fault("a text without end") }
        var unit: UInt32 = 0
        for byte in bytes[place..<place + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("no hexadecimal digit")
            }
            unit = unit << 4 | UInt32(digit)
        }
        place += 4
        return unit
    }
}
