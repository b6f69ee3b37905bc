// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostRecords

/// The library's own tables as they are: nothing is refused here, so that tests can look at what is wrong.
///
/// Lifetime: libraries are never closed, so every pointer is valid for ever.
struct RawPlugin: @unchecked Sendable {
    let library: UnsafeMutableRawPointer
    let entry: @convention(c) () -> UnsafePointer<host_plugin>?
    let pointer: UnsafePointer<host_plugin>
    /// Copies whose fields beyond the plugin's own size are zero.
    let table: host_plugin
    let descriptor: host_descriptor

    init(path: String) throws(Finding) {
        Bench.current?.events.call("dlopen")
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            let why = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw Finding("R-LOAD-2", expected: "the library opens with all symbols bound", happened: why)
        }
        library = handle
        guard let symbol = dlsym(handle, HOST_PLUGIN_SYMBOL) else {
            throw Finding(
                "R-LOAD-1", expected: "the symbol \(HOST_PLUGIN_SYMBOL)", happened: "it is not there")
        }
        entry = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<host_plugin>?).self)
        Bench.current?.events.call(HOST_PLUGIN_SYMBOL)
        guard let pointer = entry() else {
            throw Finding("R-LOAD-3", expected: "the entry function gives a table", happened: "NULL")
        }
        self.pointer = pointer
        guard pointer.pointee.magic == HOST_MAGIC else {
            throw Finding(
                "R-LOAD-3", expected: "magic \(String(HOST_MAGIC, radix: 16))",
                happened: String(pointer.pointee.magic, radix: 16))
        }
        table = Self.copy(pointer, pointer.pointee.struct_size)
        guard let place = table.descriptor else {
            throw Finding("R-LOAD-3", expected: "a descriptor", happened: "NULL")
        }
        Bench.current?.events.call("reading the descriptor")
        descriptor = Self.copy(place, place.pointee.struct_size)
    }

    /// A copy whose fields beyond `size` are zero.
    static func copy<Struct: BitwiseCopyable>(_ place: UnsafePointer<Struct>, _ size: UInt32) -> Struct {
        let whole = MemoryLayout<Struct>.size
        return withUnsafeTemporaryAllocation(byteCount: whole, alignment: MemoryLayout<Struct>.alignment) {
            bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: place, count: min(Int(size), whole)))
            return bytes.loadUnaligned(as: Struct.self)
        }
    }

    /// Elements of an array that is walked by the stride that its maker gives.
    static func walk<Struct: BitwiseCopyable>(
        _ first: UnsafePointer<Struct>?, _ count: UInt32, _ stride: UInt32
    ) -> [Struct] {
        guard let first, Int(stride) >= MemoryLayout<Struct>.size, count <= 4096 else { return [] }
        let raw = UnsafeRawPointer(first)
        return (0..<Int(count)).map { (raw + $0 * Int(stride)).loadUnaligned(as: Struct.self) }
    }

    var options: [host_option] {
        Self.walk(descriptor.options, descriptor.option_count, descriptor.option_stride)
    }
    var actions: [host_action] {
        Self.walk(descriptor.actions, descriptor.action_count, descriptor.action_stride)
    }
    var name: String { descriptor.name.string }
    var roles: Roles { Roles(rawValue: descriptor.roles) }

    @discardableResult
    func start(_ kind: TestHost.Kind = .whole) throws(Finding) -> Status {
        guard let start = table.`init` else {
            throw Finding("R-LOAD-6", expected: "a function init", happened: "NULL")
        }
        return Status(rawValue: start(TestHost.pointer(kind)))
    }

    func exporterTable() throws(Finding) -> host_exporter {
        guard let exporter = table.exporter else {
            throw Finding("R-LOAD-6", expected: "the exporter's table", happened: "NULL")
        }
        return Self.copy(exporter, exporter.pointee.struct_size)
    }

    func loaderTable() throws(Finding) -> host_loader {
        guard let loader = table.loader else {
            throw Finding("R-LOAD-6", expected: "the loader's table", happened: "NULL")
        }
        return Self.copy(loader, loader.pointee.struct_size)
    }
}
