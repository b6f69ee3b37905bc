// SPDX-License-Identifier: Apache-2.0

/// The platforms that a plugin's library can be built for, named as in manifests.
package enum Platform {
    package static let names = ["linux-x86_64", "linux-aarch64", "linux-x86_64-musl", "linux-aarch64-musl"]

    static func isName(_ name: String) -> Bool { names.contains(name) }

    /// Of this build of host.
    package static let current: String = {
        #if arch(x86_64)
            let machine = "x86_64"
        #elseif arch(arm64)
            let machine = "aarch64"
        #endif
        #if canImport(Musl)
            return "linux-\(machine)-musl"
        #else
            return "linux-\(machine)"
        #endif
    }()
}

/// The major version of the plugin ABI that this host speaks; it stands in the name of a plugin's one symbol.
package enum PluginABI {
    package static let major = 0
}
