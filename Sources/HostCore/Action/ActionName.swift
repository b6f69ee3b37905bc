// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostRecords

/// What users call an action: `plugin.action`.
package struct ActionName: Sendable, Equatable {
    package let plugin: String
    package let action: String

    package init(parsing text: String) throws(HostError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw HostError(
                .invalidOption, "This is not the name of an action.", subject: text,
                remedy: "Write plugin.action, for example mlflow.list-jobs; see host action list.")
        }
        plugin = parts[0]
        action = parts[1]
    }

    /// The position of the action in the plugin's description.
    package func index(in library: PluginLibrary) throws(HostError) -> Int {
        let names = library.actions.map(\.name)
        if let index = names.firstIndex(of: action) { return index }
        let known = names.isEmpty ? "It has none." : "It has: \(names.joined(separator: ", "))."
        throw HostError(
            .invalidOption,
            "The plugin '\(plugin)' has no such action.\(NearName.hint(action, names)) \(known)",
            subject: action, remedy: "See host action list.")
    }
}

/// A name that the user may have meant.
enum NearName {
    /// ` Did you mean 'x'?`, or nothing.
    static func hint(_ name: String, _ names: [String], quote: (String) -> String = { "'\($0)'" }) -> String {
        let near = names.map { ($0, EditDistance.between($0, name)) }.min { $0.1 < $1.1 }
        guard let near, near.1 <= 3, near.1 < max(name.count, 2) else { return "" }
        return " Did you mean \(quote(near.0))?"
    }
}
