// SPDX-License-Identifier: Apache-2.0

internal import HostRecords
internal import TOMLKit

/// A TOML document as plain values; the one place that knows the library which parses it.
enum TOMLNode: Sendable {
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([TOMLNode])
    case table([String: TOMLNode])
    /// A float, date or time, which nothing here asks for.
    case other(String)

    static func parse(_ text: String, path: String) throws(HostError) -> [String: TOMLNode] {
        // The parser takes a C string and would stop there in silence.
        guard !text.utf8.contains(0) else {
            throw HostError(.invalidData, "The file holds a NUL character.", subject: path, retry: .stop)
        }
        do {
            return values(of: try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            throw HostError(
                .invalidData,
                "Line \(error.source.begin.line), column \(error.source.begin.column): not valid TOML: "
                    + "\(error.description).",
                subject: path, retry: .stop)
        } catch {
            throw HostError(.invalidData, "Not valid TOML: \(error).", subject: path, retry: .stop)
        }
    }

    /// What it is, for messages.
    var label: String {
        switch self {
        case .text: "a text"
        case .integer: "a whole number"
        case .flag: "true or false"
        case .list: "a list"
        case .table: "a table"
        case .other(let kind): "a \(kind)"
        }
    }

    private static func values(of table: TOMLTable) -> [String: TOMLNode] {
        var values: [String: TOMLNode] = [:]
        for key in table.keys {
            if let value = table[key] { values[key] = TOMLNode(value) }
        }
        return values
    }

    private init(_ value: any TOMLValueConvertible) {
        if let table = value.table {
            self = .table(Self.values(of: table))
        } else if let array = value.array {
            self = .list(array.map { TOMLNode($0) })
        } else if let text = value.string {
            self = .text(text)
        } else if let flag = value.bool {
            self = .flag(flag)
        } else if let number = value.int {
            self = .integer(number)
        } else {
            self = .other(value.type.description)
        }
    }
}
