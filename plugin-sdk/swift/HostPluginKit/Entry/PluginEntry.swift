// SPDX-License-Identifier: Apache-2.0

public import CHost

/// Makes the C table of a plugin written in Swift. A plugin's entry is one function:
///
///     @_cdecl("host_plugin_v0")
///     public func entry() -> UnsafePointer<host_plugin> {
///         PluginEntry.table(descriptor, exporter: MyExporter.self, loader: MyLoader.self)
///     }
///
/// Each plugin library has its own copy of the kit, so what is static here belongs to one plugin.
public enum PluginEntry {
    /// Set once by `init`, before any other call; read by all threads after that.
    nonisolated(unsafe) private(set) static var api: UnsafePointer<host_api>?
    nonisolated(unsafe) private(set) static var options: [OptionSpec] = []
    nonisolated(unsafe) private(set) static var exporterType: (any Exporter.Type)?
    nonisolated(unsafe) private(set) static var loaderType: (any Loader.Type)?
    nonisolated(unsafe) private static var made: UnsafePointer<host_plugin>?

    /// The same table on every call. Called by the host from one thread.
    public static func table(
        _ descriptor: PluginDescriptor, exporter: (any Exporter.Type)? = nil, loader: (any Loader.Type)? = nil
    ) -> UnsafePointer<host_plugin> {
        if let made { return made }
        var roles: Roles = []
        if exporter != nil { roles.insert(.exporter) }
        if loader != nil { roles.insert(.loader) }
        options = descriptor.options
        exporterType = exporter
        loaderType = loader
        let plugin = UnsafeMutablePointer<host_plugin>.allocate(capacity: 1)
        plugin.initialize(
            to: host_plugin(
                struct_size: UInt32(MemoryLayout<host_plugin>.size), magic: HOST_MAGIC,
                abi_minor: UInt32(HOST_ABI_MINOR), reserved: 0,
                descriptor: borderDescriptor(descriptor, roles: roles),
                init: { api in
                    PluginEntry.api = api
                    return Status.ok.rawValue
                },
                exporter: exporter == nil ? nil : ExporterThunks.table,
                loader: loader == nil ? nil : LoaderThunks.table))
        made = UnsafePointer(plugin)
        return UnsafePointer(plugin)
    }

    /// Lives for ever, as libraries are never unloaded.
    private static func borderDescriptor(
        _ descriptor: PluginDescriptor, roles: Roles
    ) -> UnsafePointer<host_descriptor> {
        let arena = TextArena()
        _ = Unmanaged.passRetained(arena)
        let options = UnsafeMutablePointer<host_option>.allocate(capacity: max(descriptor.options.count, 1))
        for (index, option) in descriptor.options.enumerated() {
            (options + index).initialize(to: option.border(arena))
        }
        let limits = descriptor.limits.map { Unmanaged.passRetained(BorderLimits($0)).takeUnretainedValue() }
        let result = UnsafeMutablePointer<host_descriptor>.allocate(capacity: 1)
        result.initialize(
            to: host_descriptor(
                struct_size: UInt32(MemoryLayout<host_descriptor>.size), roles: roles.rawValue,
                name: arena.text(descriptor.name), version: arena.text(descriptor.version),
                summary: arena.text(descriptor.summary), vendor: arena.text(descriptor.vendor),
                licence: arena.text(descriptor.licence), home: arena.text(descriptor.home),
                runtime: arena.text("swift"), options: UnsafePointer(options),
                option_count: UInt32(descriptor.options.count),
                option_stride: UInt32(MemoryLayout<host_option>.stride),
                limits: limits.map { UnsafePointer($0.pointer) },
                actions: BorderActions.make(descriptor.actions, arena),
                action_count: UInt32(descriptor.actions.count),
                action_stride: UInt32(MemoryLayout<host_action>.stride)))
        return UnsafePointer(result)
    }
}
