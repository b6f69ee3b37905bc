// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostPlugins
internal import HostRecords

/// Where the code of plugins runs, and what it may cost. Plugins that came with host run in its own process, all
/// others in worker processes.
struct PluginOptions: ParsableArguments {
    @Flag(help: "Run every plugin in a process of its own.")
    var isolate = false

    @Flag(help: "Run every plugin in this process, for debuggers.")
    var inProcess = false

    @Option(help: ArgumentHelp("Stop a worker process that gives no sign of life for so long.", valueName: "seconds"))
    var pluginTimeout: Double?

    @Option(help: ArgumentHelp("Stop a worker process that takes more memory: 512MiB, 2GiB.", valueName: "size"))
    var pluginMemory: String?

    func validate() throws {
        guard !(isolate && inProcess) else {
            throw ValidationError("--isolate and --in-process exclude each other.")
        }
        if let pluginTimeout, !(pluginTimeout > 0 && pluginTimeout < 1e7) {
            throw ValidationError("--plugin-timeout is a number of seconds above 0.")
        }
    }

    func search() throws(HostError) -> PluginSearch {
        var workers = WorkerSettings()
        if let pluginTimeout { workers.callTimeout = pluginTimeout }
        if let pluginMemory {
            let size = OptionSpec("--plugin-memory", .size, summary: "")
            if case .integer(let bytes) = try OptionText.parse(pluginMemory, size).value, bytes > 0 {
                workers.memoryLimit = bytes
            }
        }
        return PluginSearch(isolation: isolate ? .all : inProcess ? .none : .foreign, workers: workers)
    }
}
