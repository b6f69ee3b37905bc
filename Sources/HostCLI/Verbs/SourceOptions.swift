// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostRecords

/// What the verbs that only look at a source share.
struct SourceOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The source: plugin[:location][?option=value&…].", valueName: "endpoint"))
    var endpoint: String

    @Option(
        name: .customLong("from-opt"), parsing: .singleValue,
        help: ArgumentHelp("An option of the source; see host plugin info.", valueName: "name=value"))
    var options: [String] = []

    @Option(
        name: .customLong("project"), parsing: .singleValue,
        help: ArgumentHelp("Only projects that match; may be repeated.", valueName: "glob"))
    var projects: [String] = []

    @OptionGroup(title: "Plugins") var plugins: PluginOptions

    func selection() throws(HostError) -> Selection { try Selection(projects: projects) }

    func session(_ network: NetworkOptions) throws(HostError) -> EndpointSession {
        let session = try EndpointSession(
            try Endpoint(parsing: endpoint), flags: options, plugins: try plugins.search(),
            http: try network.settings())
        ExposedSecrets.warn(session.exposedSecrets)
        return session
    }
}
