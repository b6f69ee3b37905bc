// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// A library that was opened in this process: its functions, and its descriptor as a copy.
///
/// Thread rule: immutable once made; the functions themselves have rules of their own.
struct PluginTables: @unchecked Sendable {
    let description: PluginDescription
    private let exporter: host_exporter?
    private let loader: host_loader?
    /// In the order of `description.actions`.
    let actions: [host_action_function]

    /// Opens the library, checks its table and gives it the host's.
    init(path: String) throws(HostError) {
        let library = try DynamicLibrary(path: path)
        guard let symbol = library.symbol(HOST_PLUGIN_SYMBOL) else {
            throw Self.refusal(path, Self.missingSymbol(library))
        }
        let entry = unsafeBitCast(symbol, to: host_plugin_entry.self)
        guard let table = entry() else { throw Self.refusal(path, "Its entry function gave nothing.") }
        guard let plugin = Sized.copy(table, table.pointee.struct_size, atLeast: 48), plugin.magic == HOST_MAGIC
        else { throw Self.refusal(path, "Its table is too small or has a wrong magic number.") }
        guard let place = plugin.descriptor,
            let descriptor = Sized.copy(place, place.pointee.struct_size, atLeast: 144)
        else { throw Self.refusal(path, "It has no descriptor, or one that is too small.") }

        var description = PluginDescription()
        description.name = descriptor.name.string
        description.version = descriptor.version.string
        description.summary = descriptor.summary.string
        description.vendor = descriptor.vendor.string
        description.licence = descriptor.licence.string
        description.home = descriptor.home.string
        description.runtime = descriptor.runtime.string
        description.roles = Roles(rawValue: descriptor.roles)
        description.abiMinor = Int(plugin.abi_minor)
        description.options = try Self.options(descriptor, path: path)
        if let limits = descriptor.limits {
            guard limits.pointee.struct_size >= UInt32(MemoryLayout<host_limits>.size) else {
                throw Self.refusal(path, "Its limits are too small.")
            }
            description.limits = Limits(limits.pointee)
        }
        (description.actions, actions) = try Self.actions(descriptor, path: path)
        exporter = try Self.role(plugin.exporter, needed: description.roles.contains(.exporter), path: path) {
            $0.struct_size
        }
        loader = try Self.role(plugin.loader, needed: description.roles.contains(.loader), path: path) {
            $0.struct_size
        }
        guard PluginName.isValid(description.name) else {
            throw Self.refusal(
                path, "Its name '\(description.name)' is not made of lower-case letters, digits and '-'.")
        }
        self.description = description
        let status = Status(rawValue: plugin.`init`?(HostTable.pointer) ?? Status.internal.rawValue)
        guard status == .ok else {
            throw Self.refusal(path, "It refuses this host (\(status.label)).")
        }
    }

    func exporterTable() throws(HostError) -> host_exporter {
        guard let exporter else { throw HostError(.internal, "The exporter's table is gone.") }
        return exporter
    }

    func loaderTable() throws(HostError) -> host_loader {
        guard let loader else { throw HostError(.internal, "The loader's table is gone.") }
        return loader
    }

    private static func refusal(_ path: String, _ why: String) -> HostError {
        HostError(.invalidData, why, subject: path, remedy: "Install a build of it for this host.", retry: .stop)
    }

    /// A plugin of another major version exports its symbol under another number.
    private static func missingSymbol(_ library: DynamicLibrary) -> String {
        for major in 0...9 where library.symbol("host_plugin_v\(major)") != nil {
            return "It is made for major version \(major) of the ABI; this host speaks version \(HOST_ABI_MAJOR)."
        }
        return "It has no function \(HOST_PLUGIN_SYMBOL): not a plugin of host."
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

    private static func actions(
        _ descriptor: host_descriptor, path: String
    ) throws(HostError) -> ([ActionSpec], [host_action_function]) {
        guard descriptor.action_count > 0 else { return ([], []) }
        guard let first = descriptor.actions, descriptor.action_count <= UInt32(HOST_MAX_ACTIONS),
            descriptor.action_stride >= UInt32(MemoryLayout<host_action>.size)
        else { throw refusal(path, "Its actions are declared wrongly.") }
        var specs: [ActionSpec] = []
        var functions: [host_action_function] = []
        let raw = UnsafeRawPointer(first)
        for index in 0..<Int(descriptor.action_count) {
            let action = (raw + index * Int(descriptor.action_stride)).loadUnaligned(as: host_action.self)
            guard let spec = ActionSpec(action), let function = action.function else {
                throw refusal(path, "Its action '\(action.name.string)' is declared wrongly.")
            }
            specs.append(spec)
            functions.append(function)
        }
        return (specs, functions)
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

/// Structs that the other side may know in an older, shorter form.
enum Sized {
    /// A copy whose bytes beyond `size` are zero; nil when it is smaller than the first form there was.
    static func copy<Struct: BitwiseCopyable>(
        _ place: UnsafePointer<Struct>, _ size: UInt32, atLeast least: Int
    ) -> Struct? {
        guard Int(size) >= least else { return nil }
        let whole = MemoryLayout<Struct>.size
        return withUnsafeTemporaryAllocation(byteCount: whole, alignment: MemoryLayout<Struct>.alignment) { bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: place, count: min(Int(size), whole)))
            return bytes.loadUnaligned(as: Struct.self)
        }
    }
}

package enum PluginName {
    /// Lower-case ASCII letters, digits and `-`.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
}
