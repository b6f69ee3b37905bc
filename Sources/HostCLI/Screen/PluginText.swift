// SPDX-License-Identifier: Apache-2.0

package import HostABI
internal import HostRecords

/// Plugins as people read them.
package struct PluginText: Sendable {
    private let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    package func list(_ libraries: [PluginLibrary]) -> [String] {
        var table = TextTable([
            TextTable.Column("name"), TextTable.Column("version"), TextTable.Column("roles"),
            TextTable.Column("path", isFlexible: true),
        ])
        for library in libraries {
            table.add([
                library.name, library.version, library.roles.labels.joined(separator: ", "), library.path,
            ])
        }
        return table.lines(width: traits.textWidth, cutMark: traits.cutMark)
    }

    package func lines(_ library: PluginLibrary) -> [String] {
        var parts = [head(library)]
        if library.roles.contains(.exporter) {
            parts.append(options(library, .exporter, "Options of the source (--from-opt)"))
        }
        if library.roles.contains(.loader) {
            parts.append(options(library, .loader, "Options of the target (--to-opt)"))
            if let limits = library.limits { parts.append(LimitsText.lines(limits)) }
        }
        let words = ErrorText(traits)
        return parts.filter { !$0.isEmpty }.joined(separator: [""]).flatMap { line in
            words.wrapped(line, indent: line.prefix { $0 == " " }.count + 4)
        }
    }

    private func head(_ library: PluginLibrary) -> [String] {
        let uses = [
            library.roles.contains(.exporter) ? "reads (--from \(library.name):…)" : nil,
            library.roles.contains(.loader) ? "writes (--to \(library.name):…)" : nil,
        ].compactMap { $0 }
        let more = [
            ("By", library.vendor), ("Licence", library.licence), ("Home", library.home),
            ("File", library.path),
        ]
        return [
            "\(library.name) \(library.version): \(library.summary)",
            "It \(uses.joined(separator: " and ")).",
        ]
            + more.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
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

extension OptionSpec {
    /// What sets it apart from an ordinary option, in words.
    var marks: [String] {
        let words: [(Flags, String)] = [
            (.required, "required"), (.secret, "secret"), (.advanced, "advanced"),
        ]
        return words.filter { flags.contains($0.0) }.map(\.1)
    }

    /// Environment variables that give it, the first one that is set wins.
    func variables(_ role: Roles) -> [String] {
        let side = role == .exporter ? "FROM" : "TO"
        return ["HOST_\(side)_" + name.uppercased().split(separator: "-").joined(separator: "_")]
            + environment
    }
}

extension OptionSpec.Kind {
    var label: String {
        switch self {
        case .text: "text"
        case .int: "whole number"
        case .float: "number"
        case .bool: "true or false"
        case .duration: "duration"
        case .size: "size"
        case .path: "path"
        case .url: "URL"
        }
    }

    /// One word, for programs.
    var word: String {
        switch self {
        case .text: "text"
        case .int: "int"
        case .float: "float"
        case .bool: "bool"
        case .duration: "duration"
        case .size: "size"
        case .path: "path"
        case .url: "url"
        }
    }
}
