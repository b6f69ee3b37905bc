// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, exporter: NeptuneExporter.self)
}

private let descriptor = PluginDescriptor(
    name: "neptune3", version: "0.1.0", summary: "Reads runs from a Neptune 3 server.",
    home: "https://docs.neptune.ai", options: Settings.options)
