// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What a plugin says of itself: a copy of its descriptor.
package struct PluginDescription: Sendable {
    package var name = ""
    package var version = ""
    package var summary = ""
    package var vendor = ""
    package var licence = ""
    package var home = ""
    package var runtime = ""
    package var roles: Roles = []
    package var options: [OptionSpec] = []
    /// Of the loader role, as the descriptor has them.
    package var limits: Limits?
    package var actions: [ActionSpec] = []
    package var abiMinor = 0

    package init() {}
}
