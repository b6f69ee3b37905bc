// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostCore
package import HostRecords

struct DescribeOptions: ConformanceTest {
    let name = "describe-options"
    let level = Level.describe
    let summary = "options have names, summaries and defaults that satisfy their own rules"
    let crashRule = "R-DESCRIBE-4"

    private static let secretWords = ["token", "password", "secret", "api-key", "apikey", "credential"]

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("reading the options")
        bench.expect(
            plugin.descriptor.option_count <= UInt32(HOST_MAX_OPTIONS), "R-DESCRIBE-4",
            expected: "at most \(HOST_MAX_OPTIONS) options", happened: "\(plugin.descriptor.option_count)")
        var specs: [OptionSpec] = []
        for option in plugin.options {
            guard let spec = OptionSpec(option) else {
                bench.note(
                    "R-DESCRIBE-4", expected: "a known type of \(option.name.string)",
                    happened: "\(option.type)")
                continue
            }
            specs.append(spec)
            check(spec, plugin.roles, bench)
        }
        for role in [Roles.exporter, .loader] {
            let own = specs.filter { $0.roles.contains(role) }
            for name in repeated(own.map(\.name)) {
                bench.note("R-DESCRIBE-5", expected: "one option '\(name)' of a role", happened: "several")
            }
            bench.expect(
                own.count { $0.flags.contains(.location) } <= 1, "R-DESCRIBE-7",
                expected: "one option takes the location", happened: "several")
        }
    }

    private func check(_ spec: OptionSpec, _ roles: Roles, _ bench: Bench) {
        let name = spec.name
        bench.expect(
            DescribedText.isKebab(name), "R-DESCRIBE-4", expected: "a kebab-case name", happened: "'\(name)'")
        bench.expect(
            !spec.summary.isEmpty, "R-DESCRIBE-4", expected: "a summary of '\(name)'", happened: "none")
        bench.expect(
            !spec.roles.isEmpty && spec.roles.isSubset(of: roles), "R-DESCRIBE-4",
            expected: "'\(name)' belongs to a role that the plugin has",
            happened: "roles \(spec.roles.rawValue)")
        bench.expect(
            spec.flags.rawValue & ~31 == 0, "R-DESCRIBE-4", expected: "'\(name)' has flags of options",
            happened: "\(spec.flags.rawValue)")
        if let value = spec.defaultValue {
            bench.expect(
                !spec.flags.contains(.required), "R-DESCRIBE-6",
                expected: "'\(name)' is required or has a default",
                happened: "both")
            if let problem = DefaultValue.problem(value, spec) {
                bench.note(
                    "R-DESCRIBE-6", expected: "the default of '\(name)' satisfies its own rules",
                    happened: problem)
            }
        }
        for variable in spec.environment {
            let isName = variable.utf8.allSatisfy {
                (65...90).contains($0) || $0 == 95 || (48...57).contains($0)
            }
            bench.expect(
                isName && variable.first?.isNumber == false, "R-DESCRIBE-7",
                expected: "a variable [A-Z_][A-Z0-9_]*", happened: "'\(variable)'")
        }
        if Self.secretWords.contains(where: { name.contains($0) }), spec.kind == .text {
            bench.expect(
                spec.flags.contains(.secret), "R-DESCRIBE-8", expected: "'\(name)' is flagged secret",
                happened: "it is not")
        }
    }

    private func repeated(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }
}

/// Whether a default is a value that the host would take.
package enum DefaultValue {
    package static func problem(_ value: String, _ spec: OptionSpec) -> String? {
        if !spec.choices.isEmpty, !spec.choices.contains(value) {
            return "'\(value)' is none of \(spec.choices.joined(separator: ", "))"
        }
        do throws(HostError) {
            try OptionCheck.check(value, spec)
            return nil
        } catch {
            return error.message
        }
    }
}
