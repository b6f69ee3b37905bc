// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

// A plugin is one exported function that describes it: this file, and a class for each role it has.

@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, exporter: NullExporter.self, loader: NullLoader.self)
}

private let descriptor = PluginDescriptor(
    name: "null", version: "0.1.0",
    summary: "Makes runs out of nothing, and takes records without keeping them.",
    options: [
        OptionSpec("runs", .int, .identity, roles: .exporter, default: "10", summary: "Runs to make."),
        OptionSpec(
            "series", .int, .identity, roles: .exporter, default: "4", summary: "Metrics of each run."),
        OptionSpec(
            "points", .int, .identity, roles: .exporter, default: "1000", summary: "Points of each metric."),
        OptionSpec(
            "seed", .int, .identity, roles: .exporter, default: "1", summary: "Other seeds, other values."),
    ], limits: NullLoader.limits)
