// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

/// The one symbol of the library. It describes the plugin and does nothing else.
@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, exporter: {{Type}}Exporter.self, loader: {{Type}}Loader.self)
}

private let descriptor = PluginDescriptor(
    name: "{{name}}", version: "0.1.0", summary: "What {{name}} is, in one line.",
    options: [
        // The host makes flags, help and checks of each option; values reach the plugin typed.
        OptionSpec(
            "folder", .path, [.required, .location, .identity], summary: "The folder of the runs.",
            example: "./runs")
    ], limits: {{Type}}Loader.limits)
