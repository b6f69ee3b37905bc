// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostPlugins
internal import HostRecords

/// Plugins as people read them.
package struct PluginText: Sendable {
    let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    package func list(_ listings: [PluginListing]) -> [String] {
        var table = TextTable([
            TextTable.Column("name"), TextTable.Column("version"), TextTable.Column("roles"),
            TextTable.Column("where"), TextTable.Column("state"), TextTable.Column("level", .right),
            TextTable.Column("path", isFlexible: true),
        ])
        for listing in listings.sorted(by: { $0.name < $1.name }) {
            table.add([
                listing.name, listing.facts?.version ?? "",
                listing.facts?.roles.labels.joined(separator: ", ") ?? "",
                listing.candidate.folder.place.rawValue, listing.state.label,
                listing.manifest?.conformance.level.map { String($0) } ?? "", listing.candidate.path,
            ])
        }
        return table.lines(width: traits.textWidth, cutMark: traits.cutMark)
    }

    package func lines(_ library: PluginLibrary, _ manifest: PluginManifest?, _ digest: String) -> [String] {
        var parts = [head(library, manifest, digest)]
        if library.roles.contains(.exporter) {
            parts.append(options(library, .exporter, "Options of the source (--from-opt)"))
        }
        if library.roles.contains(.loader) {
            parts.append(options(library, .loader, "Options of the target (--to-opt)"))
            if let limits = library.limits { parts.append(LimitsText.lines(limits)) }
        }
        parts.append(actions(library))
        let words = ErrorText(traits)
        return parts.filter { !$0.isEmpty }.joined(separator: [""]).flatMap { line in
            words.wrapped(line, indent: line.prefix { $0 == " " }.count + 4)
        }
    }

    private func head(_ library: PluginLibrary, _ manifest: PluginManifest?, _ digest: String) -> [String] {
        let uses = [
            library.roles.contains(.exporter) ? "reads (--from \(library.name):…)" : nil,
            library.roles.contains(.loader) ? "writes (--to \(library.name):…)" : nil,
        ].compactMap { $0 }
        let more = [
            ("By", library.vendor), ("Licence", library.licence), ("Home", library.home),
            ("File", library.path), ("SHA-256", digest), ("Language", library.runtime),
            ("ABI", "\(PluginABI.major).\(library.abiMinor)"),
            ("Conformance", manifest.map(conformance) ?? "not known (there is no manifest beside it)"),
        ]
        return [
            "\(library.name) \(library.version): \(library.summary)",
            "It \(uses.joined(separator: " and ")).",
        ]
            + more.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
    }

    /// What its author says of the tests.
    private func conformance(_ manifest: PluginManifest) -> String {
        guard let level = manifest.conformance.level else { return "not told" }
        let gaps = manifest.conformance.gaps
        guard !gaps.isEmpty else { return "level \(level) of 8" }
        let reasons = gaps.map { "\($0.test) (\($0.reason))" }.joined(separator: "; ")
        return "level \(level) of 8 but for \(gaps.count): \(reasons)"
    }

    private func actions(_ library: PluginLibrary) -> [String] {
        guard !library.actions.isEmpty else { return [] }
        return ["Actions (host action call \(library.name).NAME)"]
            + library.actions.map { "  \($0.name) (\($0.effect.label)): \($0.summary)" }
    }

    private func options(_ library: PluginLibrary, _ role: Roles, _ title: String) -> [String] {
        let options = library.options.filter { !$0.roles.isDisjoint(with: role) }
        guard !options.isEmpty else { return [] }
        return [title] + options.flatMap { option($0, role) }
    }

    private func option(_ spec: OptionSpec, _ role: Roles) -> [String] {
        let place = spec.flags.contains(.location) ? ["the part behind the colon"] : []
        let marks = place + spec.marks
        var facts: [String] = []
        if let value = spec.defaultValue { facts.append("default '\(value)'") }
        if !spec.choices.isEmpty { facts.append("one of \(spec.choices.joined(separator: ", "))") }
        facts.append("variable \(spec.variables(role).joined(separator: " or "))")
        if !spec.example.isEmpty { facts.append("example \(spec.example)") }
        return [
            "  \(spec.name) (\(([spec.kind.label] + marks).joined(separator: ", ")))",
            "      \(spec.summary)",
        ]
            + ["      " + facts.joined(separator: "; ")]
    }
}
