// SPDX-License-Identifier: Apache-2.0

/// Which plugins run in a process of their own.
package enum Isolation: Sendable {
    /// All but those that lie in the folders that belong to host's own binary.
    case foreign
    case all
    case none
}
