// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostPlugins
internal import HostRecords

/// Plugins as programs read them.
package enum PluginJSON {
    package static func line(_ listing: PluginListing) -> JSONLine {
        var line = JSONLine([
            ("name", .text(listing.name)), ("version", .text(listing.facts?.version ?? "")),
            ("roles", .list((listing.facts?.roles.labels ?? []).map { .text($0) })),
            ("path", .text(listing.candidate.path)), ("summary", .text(listing.facts?.summary ?? "")),
            ("where", .text(listing.candidate.folder.place.rawValue)), ("state", .text(listing.state.label)),
            ("conformance", level(listing.manifest)),
        ])
        if let error = listing.error { line.add("error", .text(error.description)) }
        return line
    }

    package static func folder(_ folder: PluginFolderListing) -> JSONLine {
        JSONLine([
            ("folder", .text(folder.folder.path)), ("place", .text(folder.folder.place.rawValue)),
            ("exists", .flag(folder.exists)), ("writers", .list(folder.writers.map { .text($0) })),
            ("plugins", .list(folder.listings.map { .object(line($0)) })),
        ])
    }

    package static func whole(
        _ library: PluginLibrary, _ manifest: PluginManifest?, _ digest: String
    ) -> JSONLine {
        var line = JSONLine([
            ("name", .text(library.name)), ("version", .text(library.version)),
            ("roles", .list(library.roles.labels.map { .text($0) })), ("path", .text(library.path)),
            ("summary", .text(library.summary)), ("sha256", .text(digest)),
            ("runtime", .text(library.runtime)),
            ("abi", .text("\(PluginABI.major).\(library.abiMinor)")), ("conformance", level(manifest)),
        ])
        let gaps = (manifest?.conformance.gaps ?? []).map {
            JSONLine([("test", .text($0.test)), ("reason", .text($0.reason))])
        }
        line.add("gaps", .list(gaps.map { .object($0) }))
        line.add("actions", .list(library.actions.map { .text($0.name) }))
        line.add("vendor", .text(library.vendor))
        line.add("licence", .text(library.licence))
        line.add("home", .text(library.home))
        line.add("options", .list(library.options.map { .object(option($0)) }))
        line.add("limits", library.limits.map { .object(limits($0)) } ?? .null)
        return line
    }

    private static func level(_ manifest: PluginManifest?) -> JSONLine.Value {
        manifest?.conformance.level.map { .integer(Int64($0)) } ?? .null
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
