// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostRecords

extension PluginManifest {
    /// What the library says of itself otherwise than the manifest, a sentence each; empty when both agree.
    package func differences(from description: PluginDescription) -> [String] {
        let pairs: [(what: String, manifest: String, library: String)] = [
            ("name", name, description.name),
            ("version", version, description.version),
            ("abi", abi.description, "\(PluginABI.major).\(description.abiMinor)"),
            ("roles", roles.labels.joined(separator: ", "), description.roles.labels.joined(separator: ", ")),
            ("runtime", runtime, description.runtime),
            ("licence", licence, description.licence),
            // These two may be left out of a manifest.
            ("home", home ?? description.home, description.home),
            ("summary", summary ?? description.summary, description.summary),
        ]
        return pairs.filter { $0.manifest != $0.library }.map {
            "\($0.what): the manifest says '\($0.manifest)', the library '\($0.library)'"
        }
    }

    package func mustDescribe(_ description: PluginDescription, library: String) throws(HostError) {
        let differences = differences(from: description)
        guard differences.isEmpty else {
            throw HostError(
                .invalidData,
                "\(library.lastOfPath) is not what its manifest says: \(differences.joined(separator: "; ")).",
                subject: path, remedy: "Ask its author for a manifest of this build.", retry: .stop)
        }
    }
}
