// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, loader: TextLoader.self)
}

private let descriptor = PluginDescriptor(
    name: "text", version: "0.1.0", summary: "One readable page of Markdown a run.", vendor: "host",
    options: [
        OptionSpec(
            "folder", .path, [.required, .location, .identity], roles: .loader,
            summary: "The folder of the pages.", example: "./reports")
    ], limits: TextLoader.limits)
