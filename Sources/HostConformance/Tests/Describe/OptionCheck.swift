// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// What `option.h` says a value looks like as a user types it.
enum OptionCheck {
    private static let durations = ["ms", "s", "m", "h", "d"]
    private static let sizes = ["KiB", "MiB", "GiB", "kB", "KB", "MB", "GB", "B"]

    static func check(_ text: String, _ spec: OptionSpec) throws(HostError) {
        let fits: Bool
        switch spec.kind {
        case .text, .path: fits = true
        case .url: fits = URL(string: text)?.scheme?.isEmpty == false
        case .int: fits = Int64(text) != nil
        case .float: fits = Double(text)?.isFinite == true
        case .bool: fits = ["true", "yes", "on", "1", "false", "no", "off", "0"].contains(text.lowercased())
        case .duration: fits = isNumber(text, durations)
        case .size: fits = isNumber(text, sizes)
        }
        if !fits { throw HostError(.invalidOption, "'\(text)' is no \(spec.kind)", subject: spec.name) }
    }

    private static func isNumber(_ text: String, _ units: [String]) -> Bool {
        let unit = units.first { text.hasSuffix($0) } ?? ""
        let number = text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
        return Double(number).map { $0 >= 0 } ?? false
    }
}
