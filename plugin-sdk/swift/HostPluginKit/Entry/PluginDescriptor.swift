// SPDX-License-Identifier: Apache-2.0

/// How a plugin describes itself; `host_descriptor` of `plugin.h`.
public struct PluginDescriptor: Sendable {
    /// What users type: lower-case letters, digits, `-`.
    public var name: String
    public var version: String
    public var summary: String
    public var vendor: String
    public var licence: String
    public var home: String
    public var options: [OptionSpec]
    /// Of the loader role.
    public var limits: Limits?
    /// What it can do beside moving records.
    public var actions: [Action]

    public init(
        name: String, version: String, summary: String, vendor: String = "", licence: String = "Apache-2.0",
        home: String = "", options: [OptionSpec] = [], limits: Limits? = nil, actions: [Action] = []
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.vendor = vendor
        self.licence = licence
        self.home = home
        self.options = options
        self.limits = limits
        self.actions = actions
    }
}
