// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

struct DescribeInit: ConformanceTest {
    let name = "describe-init"
    let level = Level.describe
    let summary = "init can be called twice, and the table stays the same"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        for _ in 0..<2 {
            bench.events.call("init")
            let status = try plugin.start()
            bench.expect(
                status == .ok, "R-DESCRIBE-12", expected: "init returns HOST_OK each time",
                happened: status.label)
        }
        let later = RawPlugin.copy(plugin.pointer, plugin.pointer.pointee.struct_size)
        bench.expect(
            later.descriptor == plugin.table.descriptor && later.magic == plugin.table.magic, "R-LOAD-3",
            expected: "the table is constant", happened: "init changed it")
    }
}

struct DescribeServices: ConformanceTest {
    let name = "describe-no-services"
    let level = Level.describe
    let summary = "lives with a host that has no services: works without them or says what it misses"
    let crashRule = "R-DESCRIBE-11"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("init")
        let status = try plugin.start(.bare)
        guard status == .ok else {
            bench.expect(
                status == .unsupported, "R-DESCRIBE-11", expected: "init refuses with HOST_UNSUPPORTED",
                happened: status.label)
            return
        }
        try HostAge.use(bench, plugin, rule: "R-DESCRIBE-11")
    }
}

struct DescribeOlderHost: ConformanceTest {
    let name = "describe-older-host"
    let level = Level.describe
    let summary = "lives with a host of version 0.1, whose table is shorter"
    let crashRule = "R-DESCRIBE-12"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("init")
        let status = try plugin.start(.older)
        guard status == .ok else {
            bench.expect(
                status == .unsupported, "R-DESCRIBE-12", expected: "init refuses with HOST_UNSUPPORTED",
                happened: status.label)
            return
        }
        try HostAge.use(bench, plugin, rule: "R-DESCRIBE-12")
    }
}

/// A few calls into a plugin whose host can do less: they succeed, or fail as errors.
enum HostAge {
    static func use(_ bench: Bench, _ plugin: RawPlugin, rule: String) throws {
        if bench.briefing.exporter != nil, plugin.roles.contains(.exporter) {
            try attempt(bench, rule) {
                let exporter = try RawExporter(
                    bench, plugin.exporterTable(), bench.values(bench.briefing.exporter))
                defer { exporter.close() }
                try exporter.check()
                _ = try exporter.list().next()
            }
        }
        if bench.briefing.loader != nil, plugin.roles.contains(.loader) {
            try attempt(bench, rule) {
                let loader = try RawLoader(bench, plugin.loaderTable(), bench.values(bench.briefing.loader))
                defer { loader.close() }
                try loader.check()
                _ = try loader.limits()
            }
        }
    }

    private static func attempt(_ bench: Bench, _ rule: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as HostError {
            bench.expect(
                !error.message.isEmpty, rule, expected: "an error says what is missing",
                happened: error.status.label)
        }
    }
}
