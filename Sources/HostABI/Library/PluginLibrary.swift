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
    }

    /// Opens the library in this process, checks its table and gives it the host's.
    package init(path: String) throws(HostError) {
        try LibraryTrust.check(path)
        let tables = try PluginTables(path: path)
        self.path = path
        description = tables.description
        backend = .inProcess(tables)
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
        }
    }
}
