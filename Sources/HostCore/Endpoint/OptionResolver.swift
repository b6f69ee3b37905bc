// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostRecords

/// The options of one endpoint, each from the first place that has it: flag, endpoint, `HOST_FROM_…`/`HOST_TO_…`,
/// the tracker's own variables, default.
package struct ResolvedOptions: Sendable {
    package var values: OptionValues
    /// What makes the job the job it is; without secrets.
    package var identity: [String: String]
    package var secrets: [String]
    /// Where each value came from, for the plan: name, value (or ***), origin.
    package var origins: [(name: String, value: String, origin: String)]
    /// Secrets that were typed where other users of the machine can see them.
    package var exposedSecrets: [String]
    /// The location as it is now known, also when a variable gave it.
    package var location: String
}

package struct OptionResolver {
    private let library: PluginLibrary
    private let role: Roles
    private let environment: [String: String]

    package init(
        _ library: PluginLibrary, role: Roles,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.library = library
        self.role = role
        self.environment = environment
    }

    /// - Parameter flags: values of `--from-opt` or `--to-opt`, `name=value` each.
    package func resolve(_ endpoint: Endpoint, flags: [String]) throws(HostError) -> ResolvedOptions {
        var given: [String: (value: String, origin: String)] = [:]
        for option in endpoint.options { given[try known(option.name)] = (option.value, "endpoint") }
        for flag in flags {
            let parts = flag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw HostError(.invalidOption, "An option is given as name=value.", subject: flag)
            }
            given[try known(parts[0])] = (parts[1], "flag")
        }
        var result = ResolvedOptions(
            values: OptionValues(scope: endpoint.location, values: [:]), identity: [:], secrets: [], origins: [],
            exposedSecrets: [], location: endpoint.location)
        for (index, spec) in library.options.enumerated() where !spec.roles.isDisjoint(with: role) {
            guard let (text, origin) = value(of: spec, given: given[spec.name], endpoint) else {
                guard !spec.flags.contains(.required) else { throw missing(spec) }
                continue
            }
            let typed = try OptionText.parse(text, spec)
            result.values.values[index] = typed.value
            let isSecret = spec.flags.contains(.secret)
            if isSecret {
                result.secrets.append(text)
                if origin == "flag" || origin == "endpoint" { result.exposedSecrets.append(spec.name) }
            }
            if spec.flags.contains(.location) {
                result.location = typed.text
                result.values.scope = typed.text
            } else if spec.flags.contains(.identity) {
                result.identity[spec.name] = isSecret ? "***" : UserInfo.removed(typed.text)
            }
            result.origins.append((spec.name, isSecret ? "***" : UserInfo.removed(typed.text), origin))
        }
        return result
    }

    private func value(
        of spec: OptionSpec, given: (value: String, origin: String)?, _ endpoint: Endpoint
    ) -> (String, String)? {
        if let given { return (given.value, given.origin) }
        if spec.flags.contains(.location), !endpoint.location.isEmpty { return (endpoint.location, "endpoint") }
        let side = role == .exporter ? "FROM" : "TO"
        let own = "HOST_\(side)_" + spec.name.uppercased().replacingOccurrences(of: "-", with: "_")
        for name in [own] + spec.environment {
            if let value = environment[name], !value.isEmpty { return (value, name) }
        }
        return spec.defaultValue.map { ($0, "default") }
    }

    private func known(_ name: String) throws(HostError) -> String {
        let names = library.options.filter { !$0.roles.isDisjoint(with: role) }.map(\.name)
        if names.contains(name) { return name }
        let near = names.min { EditDistance.between($0, name) < EditDistance.between($1, name) }
        let hint = near.flatMap { EditDistance.between($0, name) <= 3 ? " Did you mean '\($0)'?" : nil } ?? ""
        throw HostError(
            .invalidOption, "The plugin '\(library.name)' has no option of that name.\(hint)", subject: name,
            remedy: "See host plugin info \(library.name).")
    }

    private func missing(_ spec: OptionSpec) -> HostError {
        let flag = role == .exporter ? "--from-opt" : "--to-opt"
        let variables = spec.environment.isEmpty ? "" : ", or set \(spec.environment.joined(separator: " or "))"
        let place = spec.flags.contains(.location) ? "Write \(library.name):… " : "Give \(flag) \(spec.name)=… "
        return HostError(
            .invalidOption, "The plugin '\(library.name)' needs it: \(spec.summary).", subject: spec.name,
            remedy: place.trimmingCharacters(in: .whitespaces) + variables + ".")
    }
}

/// How far two names are apart, for suggestions.
enum EditDistance {
    static func between(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
