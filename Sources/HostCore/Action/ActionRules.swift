// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostRecords

/// What a declaration of an action has to keep to; the rules of `action.h` that can be seen in it.
package enum ActionRules {
    /// Flags of `host action call`: a parameter of that name could not be given.
    package static let reservedNames: Set<String> = [
        "at", "opt", "dry-run", "yes", "json", "help", "version",
        "tps", "bwlimit", "retry-for", "proxy", "ca-file", "record", "replay",
        "isolate", "in-process", "plugin-timeout", "plugin-memory",
    ]

    /// What is wrong with the actions of a plugin, a sentence each; empty: nothing that can be seen.
    package static func check(_ description: PluginDescription) -> [String] {
        let twice = repeated(description.actions.map(\.name)).map { "The action '\($0)' is declared twice." }
        return twice
            + description.actions.flatMap { action in
                check(action, roles: description.roles).map { "Action '\(action.name)': \($0)." }
            }
    }

    /// - Parameter roles: of the plugin.
    package static func check(_ spec: ActionSpec, roles: Roles) -> [String] {
        var problems: [String] = []
        if !isKebabCase(spec.name) {
            problems.append("its name is not made of lower-case words joined by '-'")
        }
        if spec.summary.isEmpty { problems.append("it has no summary") }
        if let problem = spec.unsafety(of: roles) { problems.append(problem) }
        if spec.flags.contains(.rows), spec.results.isEmpty {
            problems.append("it gives rows without columns")
        }
        problems += repeated(spec.parameters.map(\.name)).map { "the parameter '\($0)' is declared twice" }
        problems += repeated(spec.results.map(\.name)).map { "the result '\($0)' is declared twice" }
        for parameter in spec.parameters {
            problems += check(parameter, of: spec).map { "the parameter '\(parameter.name)' \($0)" }
        }
        for result in spec.results where !isKebabCase(result.name) {
            problems.append("the result '\(result.name)' is not named by lower-case words joined by '-'")
        }
        for result in spec.results where result.summary.isEmpty {
            problems.append("the result '\(result.name)' has no summary")
        }
        return problems
    }

    private static func check(_ parameter: OptionSpec, of spec: ActionSpec) -> [String] {
        var problems: [String] = []
        if !isKebabCase(parameter.name) { problems.append("is not named by lower-case words joined by '-'") }
        if reservedNames.contains(parameter.name) { problems.append("has the name of a flag of the command") }
        if parameter.kind == .bool, spec.parameters.contains(where: { $0.name == "no-\(parameter.name)" }) {
            problems.append("can't be told from 'no-\(parameter.name)'")
        }
        if parameter.summary.isEmpty { problems.append("has no summary") }
        let isRequired = parameter.flags.contains(.required)
        if isRequired, parameter.defaultValue != nil { problems.append("is required and has a default") }
        if !parameter.isText, parameter.kind != .bool, !isRequired, parameter.defaultValue == nil {
            problems.append("is neither a text nor required, and has no default")
        }
        if parameter.flags.contains(.secret), parameter.defaultValue != nil {
            problems.append("is secret and has a default")
        }
        if let value = parameter.defaultValue, (try? OptionText.parse(value, parameter)) == nil {
            problems.append("has a default that it would not take ('\(value)')")
        }
        let free = parameter.withoutChoices
        for choice in parameter.choices where (try? OptionText.parse(choice, free)) == nil {
            problems.append("has a choice that is not of its type ('\(choice)')")
        }
        return problems
    }

    /// Lower-case ASCII words and numbers joined by single dashes, beginning with a letter; at most 63 bytes.
    static func isKebabCase(_ name: String) -> Bool {
        guard name.utf8.count <= 63, let first = name.utf8.first,
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= first
        else { return false }
        return name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy {
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                }
        }
    }

    private static func repeated(_ names: [String]) -> [String] {
        Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }.map(\.key).sorted()
    }
}

extension OptionSpec {
    var isText: Bool { [.text, .path, .url].contains(kind) }

    fileprivate var withoutChoices: OptionSpec {
        var copy = self
        copy.choices = []
        return copy
    }
}
