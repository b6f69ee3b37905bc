// SPDX-License-Identifier: Apache-2.0

package import HostABI
internal import HostRecords

/// Plugins as programs read them.
package enum PluginJSON {
    package static func short(_ library: PluginLibrary) -> JSONLine {
        JSONLine([
            ("name", .text(library.name)), ("version", .text(library.version)),
            ("roles", .list(library.roles.labels.map { .text($0) })), ("path", .text(library.path)),
            ("summary", .text(library.summary)),
        ])
    }

    package static func whole(_ library: PluginLibrary) -> JSONLine {
        var line = short(library)
        line.add("vendor", .text(library.vendor))
        line.add("licence", .text(library.licence))
        line.add("home", .text(library.home))
        line.add("options", .list(library.options.map { .object(option($0)) }))
        line.add("limits", library.limits.map { .object(limits($0)) } ?? .null)
        return line
    }

    private static func option(_ spec: OptionSpec) -> JSONLine {
        JSONLine([
            ("name", .text(spec.name)), ("type", .text(spec.kind.word)),
            ("roles", .list(spec.roles.labels.map { .text($0) })),
            ("required", .flag(spec.flags.contains(.required))),
            ("secret", .flag(spec.flags.contains(.secret))),
            ("advanced", .flag(spec.flags.contains(.advanced))),
            ("location", .flag(spec.flags.contains(.location))),
            ("default", spec.defaultValue.map { .text($0) } ?? .null),
            ("choices", .list(spec.choices.map { .text($0) })),
            ("environment", .list(spec.environment.map { .text($0) })), ("summary", .text(spec.summary)),
            ("example", .text(spec.example)),
        ])
    }

    private static func limits(_ limits: Limits) -> JSONLine {
        let names = NameScope.allCases.map { scope -> (String, JSONLine.Value) in
            let rule = limits.name(scope)
            return (
                scope.label,
                .object(
                    JSONLine([
                        ("max_length", .integer(Int64(rule.maxLength))),
                        ("counts_bytes", .flag(rule.countsBytes)),
                        ("any_character", .flag(rule.characters.contains(.any))),
                        ("extra", .text(rule.extra)),
                        ("normal_path", .flag(rule.isNormalPath)),
                        ("replacement", .text(String(rule.replacement))),
                    ]))
            )
        }
        return JSONLine([
            ("kinds", .list(limits.kinds.map { .text($0) })),
            ("tables", .list(Table.records.filter(limits.tables.contains).map { .text($0.label) })),
            (
                "abilities",
                .list(LimitsText.words.filter { limits.abilities.contains($0.0) }.map { .text($0.code) })
            ),
            ("names", .object(JSONLine(names))), ("max_text", .integer(Int64(limits.maxText))),
        ])
    }
}
