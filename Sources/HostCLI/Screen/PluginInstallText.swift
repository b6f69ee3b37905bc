// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostPlugins
internal import HostRecords

/// An installation as a person follows it.
package struct PluginInstallText: Sendable {
    private let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    /// What is known before any of its code has run.
    package func before(_ installation: PluginInstallation, replaces old: LockRecord?) -> [String] {
        let manifest = installation.source.manifest
        let name =
            manifest.map { "\($0.name) \($0.version), by its manifest" } ?? "not known, there is no manifest"
        let facts = [
            ("From", installation.source.text), ("Plugin", name), ("SHA-256", installation.sha256),
            ("Size", "\(installation.size) bytes"),
            ("Replaces", old.map { "\($0.name) \($0.version), installed \($0.installed)" } ?? ""),
        ]
        return lines(facts.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" })
    }

    package func after(
        _ record: LockRecord, _ description: PluginDescription, replaced old: LockRecord?
    ) -> [String] {
        let roles = record.roles.labels.joined(separator: ", ")
        let before = old.map { " (it was \($0.version))" } ?? ""
        return lines([
            "host: \(record.name) \(record.version)\(before) is installed: \(roles); \(description.summary)"
        ])
    }

    private func lines(_ texts: [String]) -> [String] {
        texts.flatMap { ErrorText(traits).wrapped($0, indent: 4) }
    }
}
