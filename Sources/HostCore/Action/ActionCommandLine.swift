// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostRecords

/// The arguments of an action as a user types them, read by the action's declaration.
package struct ActionCommandLine: Sendable {
    /// In the order of the declaration.
    package private(set) var values: [ActionArgument] = []
    package private(set) var secrets: [String] = []
    /// Names of secrets that were typed where other users of the machine can see them.
    package private(set) var exposedSecrets: [String] = []

    /// - Parameter words: what stands behind the action's name: `--name value`, `--name=value`, `--flag`,
    ///   `--no-flag`.
    package init(
        parsing words: [String], for spec: ActionSpec,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(HostError) {
        let given = try Self.given(words, spec)
        for parameter in spec.parameters {
            let typed = given[parameter.name] ?? []
            let isSecret = parameter.flags.contains(.secret)
            var texts = typed
            if isSecret {
                if !typed.isEmpty { exposedSecrets.append(parameter.name) }
                if texts.isEmpty, let value = environment[parameter.variable], !value.isEmpty {
                    texts = [value]
                }
                secrets += texts
            }
            if texts.isEmpty, let value = parameter.defaultValue { texts = [value] }
            values.append(try Self.argument(parameter, texts, spec))
        }
    }

    private static func argument(
        _ parameter: OptionSpec, _ texts: [String], _ spec: ActionSpec
    ) throws(HostError) -> ActionArgument {
        var parsed: [OptionValue] = []
        for text in texts {
            do throws(HostError) {
                parsed.append(try OptionText.parse(text, parameter).value)
            } catch {
                throw HostError(error.status, error.message, subject: "--\(parameter.name)")
            }
        }
        guard !parsed.isEmpty || !parameter.flags.contains(.required) else { throw missing(parameter, spec) }
        if parameter.flags.contains(.list) {
            return .texts(
                parsed.compactMap { value in
                    guard case .text(let text) = value else { return nil }
                    return text
                })
        }
        guard let value = parsed.first else {
            // Other kinds have a default, unless the declaration is wrong: then the call refuses it.
            return parameter.kind == .bool ? .value(.integer(0)) : .absent
        }
        return .value(value)
    }

    /// The texts of each parameter that was given.
    private static func given(_ words: [String], _ spec: ActionSpec) throws(HostError) -> [String: [String]] {
        var given: [String: [String]] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                throw HostError(
                    .invalidOption, "A parameter is given as --name value.", subject: word,
                    remedy: "See host action info.")
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let inline = parts.count > 1 ? String(parts[1]) : nil
            let (parameter, isNegated) = try parameter(name, spec)
            guard !isNegated || inline == nil else {
                throw HostError(.invalidOption, "It takes no value.", subject: "--\(name)")
            }
            let value: String
            if let inline {
                value = inline
            } else if parameter.kind == .bool {
                value = isNegated ? "false" : "true"
            } else if let next = rest.first, !next.hasPrefix("--") {
                value = next
                rest.removeFirst()
            } else {
                throw HostError(
                    .invalidOption, "It needs a value.", subject: "--\(name)",
                    remedy: "Write --\(name)=… for one that begins with dashes.")
            }
            guard parameter.flags.contains(.list) || given[parameter.name] == nil else {
                throw HostError(.invalidOption, "It is given twice.", subject: "--\(name)")
            }
            given[parameter.name, default: []].append(value)
        }
        return given
    }

    private static func parameter(
        _ name: String, _ spec: ActionSpec
    ) throws(HostError) -> (OptionSpec, isNegated: Bool) {
        if let exact = spec.parameters.first(where: { $0.name == name }) { return (exact, false) }
        if name.hasPrefix("no-"),
            let flag = spec.parameters.first(where: { $0.kind == .bool && $0.name == name.dropFirst(3) })
        {
            return (flag, true)
        }
        let names = spec.parameters.map(\.name)
        let hint = NearName.hint(
            name, names + Array(ActionRules.reservedNames).sorted(), quote: { "--\($0)" })
        let known =
            names.isEmpty ? "It takes none." : "It takes: \(names.map { "--\($0)" }.joined(separator: ", "))."
        throw HostError(
            .invalidOption, "The action '\(spec.name)' has no such parameter.\(hint) \(known)",
            subject: "--\(name)")
    }

    private static func missing(_ parameter: OptionSpec, _ spec: ActionSpec) -> HostError {
        let isSecret = parameter.flags.contains(.secret)
        return HostError(
            .invalidOption, "The action '\(spec.name)' needs it: \(parameter.summary)",
            subject: "--\(parameter.name)",
            remedy: isSecret ? "Set the variable \(parameter.variable)." : "Give --\(parameter.name) ….")
    }
}

extension OptionSpec {
    /// The environment variable that gives this parameter of an action, when it is secret.
    package var variable: String {
        "HOST_PARAM_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
    }
}
