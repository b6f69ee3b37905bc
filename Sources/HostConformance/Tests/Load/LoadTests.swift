// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostRecords

struct LoadOpens: ConformanceTest {
    let name = "load-open"
    let level = Level.load
    let summary = "opens with all symbols bound and gives its table"
    let crashRule = "R-LOAD-8"
    let hangRule = "R-LOAD-7"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("the entry function, again")
        bench.expect(
            plugin.entry() == plugin.pointer, "R-LOAD-3", expected: "the same table on every call",
            happened: "another address")
    }
}

struct LoadExports: ConformanceTest {
    let name = "load-exports"
    let level = Level.load
    let summary = "exports one symbol and no other"

    /// Put into every library by older linkers, and of no harm.
    private static let linkers: Set<String> = ["_init", "_fini", "__bss_start", "_edata", "_end"]

    /// Templates of the C++ library's own, which are weak and the same everywhere: linkers keep them visible when a
    /// library that they link uses them too.
    private static func isHarmless(_ symbol: ELFSymbols.Symbol) -> Bool {
        linkers.contains(symbol.name)
            || symbol.isWeak
                && ["_ZSt", "_ZNSt", "_ZNKSt", "_ZTISt", "_ZTVSt", "_ZTSSt"].contains {
                    symbol.name.hasPrefix($0)
                }
    }

    func run(_ bench: Bench) throws {
        guard let data = FileManager.default.contents(atPath: bench.testCase.library),
            let symbols = ELFSymbols(Array(data))
        else {
            throw Finding(
                "R-LOAD-1", expected: "an ELF library with dynamic symbols", happened: "it can't be read")
        }
        let others = symbols.exported.filter { $0.name != HOST_PLUGIN_SYMBOL && !Self.isHarmless($0) }.map(
            \.name)
        bench.expect(
            others.isEmpty, "R-LOAD-1", expected: "\(HOST_PLUGIN_SYMBOL) alone is exported",
            happened: "\(others.count) more: \(others.prefix(5).joined(separator: ", "))")
    }
}

struct LoadSizes: ConformanceTest {
    let name = "load-sizes"
    let level = Level.load
    let summary = "each struct says its true size, each role has every function"
    let crashRule = "R-LOAD-4"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("reading the tables")
        let minor = plugin.table.abi_minor
        bench.expect(
            minor >= 1, "R-LOAD-5", expected: "abi_minor is at least 1", happened: "\(minor)")
        let isNewer = minor > UInt32(HOST_ABI_MINOR)
        func check(_ size: UInt32, _ wanted: Int, _ what: String) {
            let fits = isNewer ? Int(size) >= wanted : Int(size) == wanted
            bench.expect(
                fits, "R-LOAD-4", expected: "\(what).struct_size is \(wanted) for ABI 0.\(minor)",
                happened: "\(size)")
        }
        check(plugin.pointer.pointee.struct_size, MemoryLayout<host_plugin>.size, "host_plugin")
        // `actions` and its two numbers came with 0.2.
        let descriptor =
            minor == 1
            ? MemoryLayout<host_descriptor>.offset(of: \.actions) ?? 0 : MemoryLayout<host_descriptor>.size
        if let place = plugin.table.descriptor {
            check(place.pointee.struct_size, descriptor, "host_descriptor")
        }
        for option in plugin.options {
            check(option.struct_size, MemoryLayout<host_option>.size, "option \(option.name.string)")
        }
        if plugin.descriptor.option_count > 0 {
            bench.expect(
                plugin.options.count == Int(plugin.descriptor.option_count), "R-LOAD-4",
                expected: "option_stride is at least \(MemoryLayout<host_option>.size)",
                happened: "\(plugin.descriptor.option_stride)")
        }
        for action in plugin.actions {
            check(action.struct_size, MemoryLayout<host_action>.size, "action \(action.name.string)")
        }
        if let limits = plugin.descriptor.limits {
            check(limits.pointee.struct_size, MemoryLayout<host_limits>.size, "host_limits")
        }
        roles(plugin, bench, check)
    }

    private func roles(_ plugin: RawPlugin, _ bench: Bench, _ check: (UInt32, Int, String) -> Void) {
        bench.expect(
            plugin.table.`init` != nil, "R-LOAD-6", expected: "a function init", happened: "NULL")
        bench.expect(
            !plugin.roles.isEmpty && plugin.roles.isSubset(of: [.exporter, .loader]), "R-LOAD-6",
            expected: "one role or both", happened: "roles \(plugin.roles.rawValue)")
        if plugin.roles.contains(.exporter) {
            if let table = plugin.table.exporter {
                check(table.pointee.struct_size, MemoryLayout<host_exporter>.size, "host_exporter")
                functions(UnsafeRawPointer(table), table.pointee.struct_size, "host_exporter", bench)
            } else {
                bench.note("R-LOAD-6", expected: "an exporter's table", happened: "NULL")
            }
        }
        if plugin.roles.contains(.loader) {
            if let table = plugin.table.loader {
                check(table.pointee.struct_size, MemoryLayout<host_loader>.size, "host_loader")
                functions(UnsafeRawPointer(table), table.pointee.struct_size, "host_loader", bench)
            } else {
                bench.note("R-LOAD-6", expected: "a loader's table", happened: "NULL")
            }
        }
    }

    /// Behind the size and a reserved word stand functions alone.
    private func functions(_ table: UnsafeRawPointer, _ size: UInt32, _ name: String, _ bench: Bench) {
        let known =
            name == "host_exporter" ? MemoryLayout<host_exporter>.size : MemoryLayout<host_loader>.size
        for offset in stride(from: 8, to: min(Int(size), known), by: 8) {
            bench.expect(
                table.load(fromByteOffset: offset, as: UInt.self) != 0, "R-LOAD-6",
                expected: "every function of \(name)", happened: "the one at byte \(offset) is NULL")
        }
    }
}

struct LoadCost: ConformanceTest {
    let name = "load-cost"
    let level = Level.load
    let summary = "being described takes under 100 ms and makes no thread, file or variable"
    let crashRule = "R-LOAD-8"
    let hangRule = "R-LOAD-7"
    private static let limit = 0.1

    func run(_ bench: Bench) throws {
        let before = ProcessState()
        let clock = ContinuousClock()
        let opened = clock.now
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("the entry function")
        let start = clock.now
        _ = plugin.entry()
        let first = start - opened
        let again = clock.now - start
        let after = ProcessState()
        bench.expect(
            again < .seconds(Self.limit), "R-LOAD-7", expected: "the entry function takes under 100 ms",
            happened: "\(again)")
        for difference in before.differences(to: after) {
            bench.note(
                "R-LOAD-7", expected: "opening and describing leave the process as it is",
                happened: difference)
        }
        // The linker's work for large libraries is no fault of the plugin's, so opening has a limit of its own.
        bench.expect(
            first < .seconds(2), "R-LOAD-7", expected: "opening the library takes under 2 s",
            happened: "\(first)")
        bench.events.note("opened in \(Int(first / .milliseconds(1))) ms")
    }
}

struct LoadBare: ConformanceTest {
    let name = "load-bare"
    let level = Level.load
    let summary = "is described without environment and in a folder that can't be written"
    let crashRule = "R-LOAD-8"
    let hangRule = "R-LOAD-7"

    func run(_ bench: Bench) throws {
        guard chdir("/proc") == 0 else { return }
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("reading the descriptor")
        guard !plugin.name.isEmpty else { throw Finding("R-LOAD-8", expected: "a name", happened: "none") }
    }

    func drive(_ driver: Driver) throws(Finding) -> String {
        try driver.stage("", environment: [:]).note
    }
}

struct LoadTrust: ConformanceTest {
    let name = "load-trust"
    let level = Level.load
    let summary = "lies in a regular file that only its owner can write"

    func run(_ bench: Bench) throws {
        var info = stat()
        guard stat(bench.testCase.library, &info) == 0 else {
            throw Finding("R-LOAD-9", expected: "a file", happened: String(cString: strerror(errno)))
        }
        bench.expect(
            info.st_mode & S_IFMT == S_IFREG, "R-LOAD-9", expected: "a regular file",
            happened: "something else")
        bench.expect(
            info.st_mode & S_IWOTH == 0, "R-LOAD-9", expected: "a file that others can't write",
            happened: "mode \(String(info.st_mode & 0o7777, radix: 8))")
    }
}
