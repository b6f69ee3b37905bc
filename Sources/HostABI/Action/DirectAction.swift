// SPDX-License-Identifier: Apache-2.0

internal import CHost
package import HostRecords

/// An action of a plugin in this process.
///
/// Thread rule: one thread for each call; calls of one plugin may run side by side, as its instances may.
struct DirectAction {
    let spec: ActionSpec
    private let function: host_action_function
    private let tables: PluginTables

    init(_ tables: PluginTables, _ index: Int) throws(HostError) {
        guard tables.actions.indices.contains(index) else {
            throw HostError(
                .invalidState, "The plugin has no action \(index).", subject: tables.description.name)
        }
        self.tables = tables
        spec = tables.description.actions[index]
        function = tables.actions[index]
        if let problem = spec.unsafety(of: tables.description.roles) {
            throw HostError(
                .invalidData, "The action is declared wrongly: \(problem).",
                subject: "\(tables.description.name).\(spec.name)", remedy: "Tell the plugin's author.",
                retry: .stop)
        }
    }

    func call(
        _ arguments: ActionArguments, at options: OptionValues?, _ context: CallContext
    ) throws(HostError) -> ActionOutcome {
        try arguments.check(spec)
        return try withInstance(at: options, context) { instance throws(HostError) in
            let frame = ActionFrame(
                spec, arguments, call: context.pointer, instance: instance, memory: PlainMemory())
            return try answer(of: frame, context)
        }
    }

    /// Runs the function; its rows are in `rows` then.
    func status(of frame: ActionFrame, _ rows: ActionRows, _ context: CallContext) throws(HostError)
        -> host_status
    {
        if spec.flags.contains(.rows) {
            context.onRow = { (cells) throws(HostError) in try rows.add(cells) }
        }
        defer { context.onRow = nil }
        return try frame.call(function)
    }

    private func answer(of frame: ActionFrame, _ context: CallContext) throws(HostError) -> ActionOutcome {
        let rows = ActionRows(spec.results)
        let status = try status(of: frame, rows, context)
        do throws(HostError) {
            try context.check(status, spec.name)
        } catch {
            return ActionOutcome(rows: rows.rows, failure: error)
        }
        if let refusal = rows.refusal { return ActionOutcome(rows: rows.rows, failure: refusal) }
        return ActionOutcome(results: try frame.values(spec), rows: rows.rows)
    }

    /// Opens the instance that the action works on, and closes it.
    func withInstance<Result>(
        at options: OptionValues?, _ context: CallContext,
        _ body: (OpaquePointer?) throws(HostError) -> Result
    ) throws(HostError) -> Result {
        guard !spec.role.isEmpty else { return try body(nil) }
        guard let options else {
            throw HostError(.invalidState, "The action needs an endpoint to work on.", subject: spec.name)
        }
        let instance: OpaquePointer
        let close: (OpaquePointer?) -> Void
        if spec.role == .exporter {
            let table = try tables.exporterTable()
            instance = try opened(table.open, options, context)
            close = { table.close($0) }
        } else {
            let table = try tables.loaderTable()
            instance = try opened(table.open, options, context)
            close = { table.close($0) }
        }
        defer { close(instance) }
        return try body(instance)
    }

    private func opened(
        _ open: (OpaquePointer?, UnsafePointer<host_open>?, UnsafeMutablePointer<OpaquePointer?>?) ->
            host_status,
        _ options: OptionValues, _ context: CallContext
    ) throws(HostError) -> OpaquePointer {
        var out: OpaquePointer?
        try context.check(options.withBorder { open(context.pointer, $0, &out) }, "open")
        guard let out else {
            throw HostError(.internal, "open gave no instance.", subject: tables.description.name)
        }
        return out
    }
}

extension ActionSpec {
    /// Why the function must not be called: something here could stand for an argument that the host does not
    /// know.
    package func unsafety(of roles: Roles) -> String? {
        if !flags.isSubset(of: [.dryRun, .rows]) { return "it has flags that this host does not know" }
        guard role.isEmpty || role == .exporter || role == .loader else { return "it names no single role" }
        if !role.isSubset(of: roles) { return "it works on a role that the plugin does not have" }
        for parameter in parameters {
            if !parameter.flags.isSubset(of: .known) {
                return "its parameter '\(parameter.name)' has flags that this host does not know"
            }
            if parameter.flags.contains(.list), ![.text, .path, .url].contains(parameter.kind) {
                return "its parameter '\(parameter.name)' is a list of something else than texts"
            }
        }
        return nil
    }
}

extension OptionSpec.Flags {
    /// Those of `option.h`.
    static let known: Self = [.required, .secret, .advanced, .identity, .location, .list]
}
