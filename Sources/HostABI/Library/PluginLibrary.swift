// SPDX-License-Identifier: Apache-2.0

internal import CHost
package import HostRecords

/// One plugin, opened: its descriptor and, inside this module, its tables.
///
/// Thread rule: immutable once made; may be shared.
package final class PluginLibrary: @unchecked Sendable {
    package let path: String
    package let name: String
    package let version: String
    package let summary: String
    package let vendor: String
    package let licence: String
    package let home: String
    package let runtime: String
    package let roles: Roles
    package let options: [OptionSpec]
    /// Of the loader role, as the descriptor has them.
    package let limits: Limits?
    package let abiMinor: Int

    let exporter: host_exporter?
    let loader: host_loader?

    /// Opens the library, checks its table and gives it the host's.
    package init(path: String) throws(HostError) {
        try LibraryTrust.check(path)
        let library = try DynamicLibrary(path: path)
        guard let symbol = library.symbol(HOST_PLUGIN_SYMBOL) else {
            throw Self.refusal(
                path, "It has no function \(HOST_PLUGIN_SYMBOL): not a plugin of host, or made for another major version.")
        }
        let entry = unsafeBitCast(symbol, to: host_plugin_entry.self)
        guard let table = entry() else { throw Self.refusal(path, "Its entry function gave nothing.") }
        guard table.pointee.struct_size >= UInt32(MemoryLayout<host_plugin>.size), table.pointee.magic == HOST_MAGIC
        else { throw Self.refusal(path, "Its table is too small or has a wrong magic number.") }
        guard let descriptor = table.pointee.descriptor?.pointee,
            descriptor.struct_size >= UInt32(MemoryLayout<host_descriptor>.size)
        else { throw Self.refusal(path, "It has no descriptor, or one that is too small.") }

        self.path = path
        name = descriptor.name.string
        version = descriptor.version.string
        summary = descriptor.summary.string
        vendor = descriptor.vendor.string
        licence = descriptor.licence.string
        home = descriptor.home.string
        runtime = descriptor.runtime.string
        roles = Roles(rawValue: descriptor.roles)
        abiMinor = Int(table.pointee.abi_minor)
        options = try Self.options(descriptor, path: path)
        if let limits = descriptor.limits {
            guard limits.pointee.struct_size >= UInt32(MemoryLayout<host_limits>.size) else {
                throw Self.refusal(path, "Its limits are too small.")
            }
            self.limits = Limits(limits.pointee)
        } else {
            limits = nil
        }
        exporter = try Self.role(table.pointee.exporter, needed: roles.contains(.exporter), path: path) {
            $0.struct_size
        }
        loader = try Self.role(table.pointee.loader, needed: roles.contains(.loader), path: path) {
            $0.struct_size
        }
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }) else {
            throw Self.refusal(path, "Its name '\(name)' is not made of lower-case letters, digits and '-'.")
        }
        let status = Status(rawValue: table.pointee.`init`?(HostTable.pointer) ?? Status.internal.rawValue)
        guard status == .ok else {
            throw Self.refusal(path, "It refuses this host (\(status.label)).")
        }
    }

    private static func refusal(_ path: String, _ why: String) -> HostError {
        HostError(.invalidData, why, subject: path, remedy: "Install a build of it for this host.", retry: .stop)
    }

    private static func options(_ descriptor: host_descriptor, path: String) throws(HostError) -> [OptionSpec] {
        guard descriptor.option_count > 0 else { return [] }
        guard let first = descriptor.options, descriptor.option_count <= UInt32(HOST_MAX_OPTIONS),
            descriptor.option_stride >= UInt32(MemoryLayout<host_option>.size)
        else { throw refusal(path, "Its options are declared wrongly.") }
        var specs: [OptionSpec] = []
        let raw = UnsafeRawPointer(first)
        for index in 0..<Int(descriptor.option_count) {
            let option = (raw + index * Int(descriptor.option_stride)).loadUnaligned(as: host_option.self)
            guard let spec = OptionSpec(option) else {
                throw refusal(path, "Its option '\(option.name.string)' has a type that this host does not know.")
            }
            specs.append(spec)
        }
        return specs
    }

    private static func role<Table>(
        _ table: UnsafePointer<Table>?, needed: Bool, path: String, size: (Table) -> UInt32
    ) throws(HostError) -> Table? {
        guard needed else { return nil }
        guard let table, size(table.pointee) >= UInt32(MemoryLayout<Table>.size) else {
            throw refusal(path, "It declares a role whose table is missing or too small.")
        }
        // Behind the size and a reserved word of four bytes each stand functions, none of which may be left out.
        for offset in stride(from: 8, to: MemoryLayout<Table>.size, by: MemoryLayout<UInt>.size) {
            guard UnsafeRawPointer(table).load(fromByteOffset: offset, as: UInt.self) != 0 else {
                throw refusal(path, "It declares a role and leaves one of its functions out.")
            }
        }
        return table.pointee
    }
}
