// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The program that runs now, and what belongs to it.
package enum HostBinary {
    /// With all links resolved.
    package static let path: String =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"

    /// Below it lie `bin/host`, `lib/host` and `share/host` of an installed copy.
    static func prefix(of binary: String) -> String { binary.folderOfPath.folderOfPath }
}
