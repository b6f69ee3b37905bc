// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostRecords

/// Turns what a user typed into a typed value; the only place that parses options.
package enum OptionText {
    /// `text` is the value in the form that is stored and compared: paths absolute, the rest as typed.
    package static func parse(_ text: String, _ spec: OptionSpec) throws(HostError) -> (value: OptionValue, text: String) {
        if !spec.choices.isEmpty, !spec.choices.contains(text) {
            throw wrong(spec, text, "one of \(spec.choices.joined(separator: ", "))")
        }
        switch spec.kind {
        case .text: return (.text(text), text)
        case .url:
            guard let url = URL(string: text), let scheme = url.scheme, !scheme.isEmpty else {
                throw wrong(spec, text, "a URL")
            }
            var clean = text
            while clean.hasSuffix("/") { clean.removeLast() }
            return (.text(clean), clean)
        case .path:
            let expanded = (text as NSString).expandingTildeInPath
            let absolute = URL(fileURLWithPath: expanded).standardizedFileURL.path
            return (.text(absolute), absolute)
        case .int:
            guard let value = Int64(text) else { throw wrong(spec, text, "a whole number") }
            return (.integer(value), text)
        case .float:
            guard let value = Double(text), value.isFinite else { throw wrong(spec, text, "a number") }
            return (.number(value), text)
        case .bool:
            switch text.lowercased() {
            case "true", "yes", "on", "1": return (.integer(1), "true")
            case "false", "no", "off", "0": return (.integer(0), "false")
            default: throw wrong(spec, text, "true or false")
            }
        case .duration:
            guard let value = scaled(text, durations, default: 1000) else {
                throw wrong(spec, text, "a duration such as 500ms, 30s, 5m or 2h")
            }
            return (.integer(value), text)
        case .size:
            guard let value = scaled(text, sizes, default: 1) else {
                throw wrong(spec, text, "a size such as 64KiB, 10MiB or 1GB")
            }
            return (.integer(value), text)
        }
    }

    private static let durations: [(String, Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizes: [(String, Int64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000),
        ("GB", 1_000_000_000), ("B", 1),
    ]

    private static func scaled(_ text: String, _ units: [(String, Int64)], default scale: Int64) -> Int64? {
        let unit = units.first { text.hasSuffix($0.0) }
        let number = unit.map { String(text.dropLast($0.0.count)) } ?? text
        guard let value = Double(number.trimmingCharacters(in: .whitespaces)), value >= 0 else { return nil }
        let product = value * Double(unit?.1 ?? scale)
        // Above it not every whole number is a double.
        return product < 9e15 ? Int64(product) : nil
    }

    private static func wrong(_ spec: OptionSpec, _ text: String, _ wanted: String) -> HostError {
        let shown = spec.flags.contains(.secret) ? "***" : "'\(text)'"
        return HostError(.invalidOption, "\(shown) is not \(wanted).", subject: spec.name)
    }
}
