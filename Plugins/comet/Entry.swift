// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, loader: CometLoader.self)
}

private let descriptor = PluginDescriptor(
    name: "comet", version: "0.1.0", summary: "Writes runs to Comet, or archives for `comet upload`.",
    home: "https://www.comet.com/docs/v2/api-and-sdk/rest-api/overview/", options: Settings.options,
    limits: Holds.limits)

/// What Comet can hold.
enum Holds {
    /// Comet's client cuts names at 100 characters; the server's own limit is not published.
    static let name = NameLimit(.any, maxLength: 100)

    /// The server tells 256 for assets and images; room is left for an ending and the number of a part.
    static let file = NameLimit(.any, maxLength: 230)

    /// Characters: Comet's client cuts longer values.
    static let maxValue = 1000

    /// Published: more points of a metric are sampled by the server.
    static let maxPoints = 15_000

    static let limits = Limits(
        tables: [.fields, .points, .series, .histograms, .files],
        abilities: [.nan, .infinity, .negativeZero, .setTimes, .noStep], kinds: ["run"],
        names: [.parameter: name, .tag: name, .metric: name, .file: file])
}
