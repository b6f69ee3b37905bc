// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// Where records come from or go to, as the user names it: `plugin[:location][?option=value&…]`, or with the
/// plugin as a prefix of a URL's scheme, `mlflow+https://tracking.example`.
package struct Endpoint: Sendable, Equatable {
    package var plugin: String
    package var location: String
    /// Options of the query part, in order.
    package var options: [(name: String, value: String)]

    package static func == (left: Endpoint, right: Endpoint) -> Bool {
        left.plugin == right.plugin && left.location == right.location
            && left.options.elementsEqual(right.options) { $0.name == $1.name && $0.value == $1.value }
    }

    package init(parsing text: String) throws(HostError) {
        let plugin = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        guard !plugin.isEmpty, plugin == plugin.lowercased() else {
            throw Self.malformed(text, "it does not begin with the name of a plugin")
        }
        self.plugin = String(plugin)
        var rest = text.dropFirst(plugin.count)
        options = []
        if let mark = rest.lastIndex(of: "?"), rest[mark...].contains("=") || mark == rest.index(before: rest.endIndex) {
            options = try Self.options(String(rest[rest.index(after: mark)...]), of: text)
            rest = rest[..<mark]
        }
        switch rest.first {
        case nil: location = ""
        case ":": location = String(rest.dropFirst())
        case "+": location = String(rest.dropFirst())
        default: throw Self.malformed(text, "'\(rest.prefix(1))' stands behind the plugin's name")
        }
    }

    private static func malformed(_ text: String, _ why: String) -> HostError {
        // Values behind the question mark may be secrets.
        HostError(
            .invalidOption, "This is not an endpoint: \(why).", subject: String(text.prefix { $0 != "?" }),
            remedy: "Write plugin[:location][?option=value&…], for example parquet:./exports/data.")
    }

    private static func options(_ query: String, of text: String) throws(HostError) -> [(name: String, value: String)] {
        var options: [(name: String, value: String)] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { throw malformed(text, "what stands behind the question mark is not option=value") }
            options.append((String(parts[0]), String(parts[1]).removingPercentEncoding ?? String(parts[1])))
        }
        return options
    }
}
