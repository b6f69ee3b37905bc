// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// How an instance is opened in a worker, so that it can be opened again in the next one.
struct WorkerOpening: Sendable {
    let path: String
    let plugin: String
    let version: String
    let role: Roles
    let values: OptionValues
    let scratch: String
    let settings: WorkerSettings

    init(_ library: PluginLibrary, _ role: Roles, _ values: OptionValues, scratch: String, _ settings: WorkerSettings) {
        path = library.path
        plugin = library.name
        version = " \(library.version)"
        self.role = role
        self.values = values
        self.scratch = scratch
        self.settings = settings
    }

    /// What the library at `path` says of itself, asked in a process of its own. It has to say so at once: the rule
    /// is 100 ms, and a machine may be busy.
    static func describe(_ path: String, _ settings: WorkerSettings) throws(HostError) -> PluginDescription {
        var settings = settings
        settings.callTimeout = min(settings.callTimeout, 10)
        let context = CallContext(
            label: path, queue: nil, redactor: Redactor(), cancelFlag: CancelFlag(), log: { _, _ in })
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let connection = try WorkerConnection(settings, plugin: file, version: "", context: context)
        var head = WireWriter()
        head.put(path)
        do throws(HostError) {
            guard var frame = try connection.call(.describe, head) else { throw WireReader.damaged }
            return try frame.head.plugin()
        } catch {
            guard connection.isDead else { throw error }
            throw HostError(
                .invalidData, error.message, subject: path, remedy: "Remove the file, or install a sound build of it.",
                detail: error.detail, retry: .stop)
        }
    }

    func connect(_ context: CallContext) throws(HostError) -> WorkerConnection {
        let connection = try WorkerConnection(settings, plugin: plugin, version: version, context: context)
        var head = WireWriter()
        head.put(path)
        head.put(context.label)
        head.put(role.rawValue)
        head.put(values)
        head.put(scratch)
        _ = try connection.call(.open, head)
        return connection
    }

    /// Calls an action in a worker that lives as long as the call.
    func call(
        action index: Int, _ arguments: ActionArguments, hasOptions: Bool, _ context: CallContext
    ) throws(HostError) -> ActionOutcome {
        let connection = try WorkerConnection(settings, plugin: plugin, version: version, context: context)
        var head = WireWriter()
        head.put(path)
        head.put(UInt32(index))
        head.put(arguments)
        head.put(hasOptions)
        head.put(values)
        guard var frame = try connection.call(.call, head) else { throw WireReader.damaged }
        return try frame.head.actionOutcome()
    }
}
