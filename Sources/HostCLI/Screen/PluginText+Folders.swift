// SPDX-License-Identifier: Apache-2.0

package import HostPlugins

extension PluginText {
    /// The folders in order of search, and below each what it holds.
    package func folders(_ folders: [PluginFolderListing]) -> [String] {
        folders.enumerated().flatMap { index, folder in
            let facts =
                folder.exists
                ? "\(Self.reason(folder.folder.place)); \(folder.writers.joined(separator: ", ")) may write to it"
                : "\(Self.reason(folder.folder.place)); it is not there"
            return ["\(index + 1). \(folder.folder.path)", "   \(facts)"]
                + folder.listings.map { listing in
                    let version = listing.facts.map { " " + $0.version } ?? ""
                    return "   - \(listing.name)\(version): \(Self.state(listing.state))"
                }
        }.flatMap { ErrorText(traits).wrapped($0, indent: 5) }
    }

    private static func reason(_ place: PluginFolder.Place) -> String {
        switch place {
        case .path: "named by \(PluginFolder.pathVariable)"
        case .user: "yours, for host plugin install"
        case .own: "host's own"
        case .system: "the system's"
        }
    }

    private static func state(_ state: PluginListing.State) -> String {
        if case .shadowed(let path) = state { "shadowed by \(path)" } else { state.label }
    }
}
