// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

/// The archive of Neptune Exporter: parquet parts and payload files, read and written.
private let descriptor = PluginDescriptor(
    name: "parquet", version: "0.1.0",
    summary: "Archives of Neptune Exporter: a folder of parquet files and one of payloads",
    vendor: "host", options: ArchiveOptions.specs,
    limits: ArchiveLoader.limits, actions: ArchiveActions.all)

@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, exporter: ArchiveExporter.self, loader: ArchiveLoader.self)
}
