// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostPlugins
package import HostHTTP
package import HostRecords

/// A source that is only looked at: no job, no folder, no ledger.
///
/// Thread rule: any thread; each instance that it opens has a rule of its own.
package final class EndpointSession: Sendable {
    private let source: ResolvedEndpoint
    private let http: HTTPService
    private let redactor: Redactor
    private let cancel: CancelFlag

    /// Finds the plugin and resolves its options. Nothing is sent anywhere.
    package init(
        _ endpoint: Endpoint, flags: [String], plugins: PluginSearch, http settings: HTTPSettings,
        cancel: CancelFlag = CancelFlag()
    ) throws(HostError) {
        let library = try plugins.find(endpoint.plugin)
        source = try ResolvedEndpoint(
            endpoint, of: library, as: .exporter, flags: flags, redactor: settings.redactor)
        http = try HTTPService(settings)
        redactor = settings.redactor
        self.cancel = cancel
    }

    package var location: String { source.shownLocation }

    /// The endpoint as reports name it.
    package var label: String {
        location.isEmpty ? source.library.name : "\(source.library.name):\(location)"
    }

    /// Whether the plugin can do without a location, and has been given none.
    package var isWithoutLocation: Bool { location.isEmpty }

    /// Secrets that were typed where other users can see them.
    package var exposedSecrets: [String] { source.options.exposedSecrets }

    package func openExporter() throws(HostError) -> any ExporterInstance {
        try source.openExporter(
            http: http, redactor: redactor, cancel: cancel, log: .none(redactor),
            scratch: NSTemporaryDirectory())
    }
}

extension EndpointSession {
    /// Each option with its value (secrets as ***) and where it came from.
    package var origins: [(name: String, value: String, origin: String)] { source.options.origins }
}
