// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// One plugin that can be used: what it says of itself, and the way to open it.
///
/// Thread rule: immutable once made; may be shared.
@dynamicMemberLookup
package final class PluginLibrary: Sendable {
    package let path: String
    package let description: PluginDescription
    let backend: Backend

    /// Where the plugin's code runs.
    enum Backend: Sendable {
        case inProcess(PluginTables)
        /// A child process for each instance.
        case worker(WorkerSettings)
    }

    /// Opens the library in this process, checks its table and gives it the host's.
    package init(path: String) throws(HostError) {
        try LibraryTrust.check(path)
        let tables = try PluginTables(path: path)
        self.path = path
        description = tables.description
        backend = .inProcess(tables)
    }

    /// Describes the library in a worker process and runs it in others: nothing of it is ever loaded here.
    package init(isolated path: String, _ settings: WorkerSettings = WorkerSettings()) throws(HostError) {
        try LibraryTrust.check(path)
        self.path = path
        description = try WorkerOpening.describe(path, settings)
        backend = .worker(settings)
    }

    package var isIsolated: Bool {
        if case .worker = backend { true } else { false }
    }

    package subscript<Value>(dynamicMember member: any KeyPath<PluginDescription, Value> & Sendable) -> Value {
        description[keyPath: member]
    }

    /// Files that the exporter can't give as local ones are spooled below `scratch`.
    package func openExporter(
        _ values: OptionValues, context: CallContext, scratch: String
    ) throws(HostError) -> any ExporterInstance {
        guard description.roles.contains(.exporter) else {
            throw HostError(
                .unsupported, "The plugin '\(description.name)' can't read (--from); it only writes.",
                subject: description.name, retry: .stop)
        }
        switch backend {
        case .inProcess(let tables):
            return try DirectExporter(self, try tables.exporterTable(), values, context: context, scratch: scratch)
        case .worker(let settings):
            return try WorkerExporter(
                self, WorkerOpening(self, .exporter, values, scratch: scratch, settings), context)
        }
    }

    package func openLoader(_ values: OptionValues, context: CallContext) throws(HostError) -> any LoaderInstance {
        guard description.roles.contains(.loader) else {
            throw HostError(
                .unsupported, "The plugin '\(description.name)' can't write (--to); it only reads.",
                subject: description.name, retry: .stop)
        }
        switch backend {
        case .inProcess(let tables):
            return try DirectLoader(self, try tables.loaderTable(), values, context: context)
        case .worker(let settings):
            return try WorkerLoader(self, WorkerOpening(self, .loader, values, scratch: "", settings), context)
        }
    }

    /// Calls the action at `index` of the description. The instance that it works on is opened with `options` in the
    /// action's role, and closed after.
    package func call(
        action index: Int, _ arguments: ActionArguments, at options: OptionValues?, context: CallContext
    ) throws(HostError) -> ActionOutcome {
        switch backend {
        case .inProcess(let tables):
            return try DirectAction(tables, index).call(arguments, at: options, context)
        case .worker(let settings):
            return try WorkerOpening(self, [], options ?? OptionValues(scope: "", values: [:]), scratch: "", settings)
                .call(action: index, arguments, hasOptions: options != nil, context)
        }
    }
}
