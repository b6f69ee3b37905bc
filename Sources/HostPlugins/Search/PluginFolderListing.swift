// SPDX-License-Identifier: Apache-2.0

/// A folder of the search path, and what was found in it.
package struct PluginFolderListing: Sendable {
    package let folder: PluginFolder
    package let exists: Bool
    /// Everybody who can put files there.
    package let writers: [String]
    package let listings: [PluginListing]

    package static func all(_ search: PluginSearch) -> [PluginFolderListing] {
        let listings = search.listings()
        return search.folders.map { folder in
            PluginFolderListing(
                folder: folder, exists: FileFacts.isFolder(folder.path),
                writers: PluginTrust.writers(ofFolder: folder.path),
                listings: listings.filter { $0.candidate.folder == folder })
        }
    }
}
