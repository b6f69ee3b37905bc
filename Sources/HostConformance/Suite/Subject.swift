// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// What the author says of the plugin and of how to test it: the manifest, with its words put in place.
package struct ConformanceSetup: Sendable, Codable {
    package struct EndpointText: Sendable, Codable {
        package var text: String
        /// `name=value` each.
        package var options: [String]

        package init(text: String, options: [String] = []) {
            self.text = text
            self.options = options
        }
    }

    /// What the manifest says of the library; compared with the descriptor.
    package struct Claims: Sendable, Codable {
        package var name: String
        package var version: String
        package var abi: String
        package var roles: [String]
        package var runtime: String
        package var licence: String

        package init(
            name: String, version: String, abi: String, roles: [String], runtime: String, licence: String
        ) {
            self.name = name
            self.version = version
            self.abi = abi
            self.roles = roles
            self.runtime = runtime
            self.licence = licence
        }
    }

    package var claims: Claims?
    package var exporter: EndpointText?
    package var loader: EndpointText?
    package var count: [String] = []
    package var service: [String] = []
    /// Reasons by the test's name.
    package var gaps: [String: String] = [:]

    package init() {}
}

/// What the plugin says of itself and what its endpoints came to: found out once, in a child.
struct Briefing: Sendable, Codable {
    var name = ""
    var version = ""
    var roleBits: UInt32 = 0
    var actionCount = 0
    var exporter: EndpointValues?
    var loader: EndpointValues?
    /// The loader's endpoint as the exporter understands it.
    var readBack: EndpointValues?
    /// Why an endpoint of the manifest can't be used.
    var problem: String?

    var roles: Roles { Roles(rawValue: roleBits) }
}

/// The library under test with everything that is known about it.
struct Subject: Sendable {
    let library: String
    let setup: ConformanceSetup
    let briefing: Briefing
}
