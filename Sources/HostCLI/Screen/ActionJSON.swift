// SPDX-License-Identifier: Apache-2.0

package import HostABI
internal import HostCore
package import HostRecords

/// Actions and their answers as programs read them.
package enum ActionJSON {
    package static func short(_ spec: ActionSpec, of library: PluginLibrary) -> JSONLine {
        JSONLine([
            ("plugin", .text(library.name)), ("action", .text(spec.name)),
            ("effect", .text(spec.effect.label)),
            ("dry_run", .flag(spec.flags.contains(.dryRun))), ("rows", .flag(spec.flags.contains(.rows))),
            ("role", spec.role.labels.first.map { .text($0) } ?? .null), ("summary", .text(spec.summary)),
        ])
    }

    package static func whole(_ spec: ActionSpec, of library: PluginLibrary) -> JSONLine {
        var line = short(spec, of: library)
        line.add("help", .text(spec.help))
        line.add("parameters", .list(spec.parameters.map { .object(parameter($0)) }))
        line.add(
            "results",
            .list(
                spec.results.map {
                    .object(
                        JSONLine([
                            ("name", .text($0.name)), ("type", .text($0.kind.word)),
                            ("summary", .text($0.summary)),
                        ]))
                }))
        line.add("problems", .list(ActionRules.check(spec, roles: library.roles).map { .text($0) }))
        return line
    }

    /// - Parameter name: as it was called.
    package static func outcome(
        _ outcome: ActionOutcome, of spec: ActionSpec, name: String, isDryRun: Bool
    ) -> JSONLine {
        var line = JSONLine([("action", .text(name)), ("dry_run", .flag(isDryRun))])
        if spec.flags.contains(.rows) {
            line.add("rows", .list(outcome.rows.map { .object(object(spec.results, $0)) }))
        } else if outcome.failure == nil {
            line.add("results", .object(object(spec.results, outcome.results)))
        }
        if let failure = outcome.failure {
            line.add(
                "error",
                .object(
                    JSONLine([
                        ("status", .text(failure.status.label)), ("subject", .text(failure.subject)),
                        ("message", .text(failure.message)), ("remedy", .text(failure.remedy)),
                    ])))
        }
        return line
    }

    private static func object(_ results: [ActionSpec.Result], _ values: [OptionValue?]) -> JSONLine {
        JSONLine(zip(results, values).map { result, value in (result.name, json(value, result.kind)) })
    }

    private static func json(_ value: OptionValue?, _ kind: OptionSpec.Kind) -> JSONLine.Value {
        switch value {
        case nil: .null
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        case .integer(let number): kind == .bool ? .flag(number != 0) : .integer(number)
        }
    }

    private static func parameter(_ spec: OptionSpec) -> JSONLine {
        JSONLine([
            ("name", .text(spec.name)), ("type", .text(spec.kind.word)),
            ("required", .flag(spec.flags.contains(.required))), ("list", .flag(spec.flags.contains(.list))),
            ("secret", .flag(spec.flags.contains(.secret))),
            ("variable", spec.flags.contains(.secret) ? .text(spec.variable) : .null),
            ("default", spec.defaultValue.map { .text($0) } ?? .null),
            ("choices", .list(spec.choices.map { .text($0) })), ("summary", .text(spec.summary)),
            ("example", .text(spec.example)),
        ])
    }
}
