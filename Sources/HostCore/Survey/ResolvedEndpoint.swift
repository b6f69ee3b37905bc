// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostHTTP
package import HostRecords

/// An endpoint whose plugin is found and whose options are known; instances are opened from it.
package struct ResolvedEndpoint: Sendable {
    package let library: PluginLibrary
    package let options: ResolvedOptions

    package init(_ library: PluginLibrary, _ options: ResolvedOptions) {
        self.library = library
        self.options = options
    }

    /// - Parameter flags: values of `--from-opt` or `--to-opt`.
    /// - Parameter redactor: is told the endpoint's secrets before anything can print them.
    package init(
        _ endpoint: Endpoint, of library: PluginLibrary, as role: Roles, flags: [String], redactor: Redactor
    ) throws(HostError) {
        self.init(library, try OptionResolver(library, role: role).resolve(endpoint, flags: flags))
        for secret in options.secrets { redactor.protect(secret) }
    }

    /// The location for ledgers, reports and screens: without what is for the connection alone.
    package var shownLocation: String { UserInfo.removed(options.location) }

    func openExporter(
        http: HTTPService, redactor: Redactor, cancel: CancelFlag, log: JobLog, scratch: String
    ) throws(HostError) -> any ExporterInstance {
        try library.openExporter(
            options.values,
            context: CallContext(
                label: "\(library.name) (from)", queue: http.makeQueue(), redactor: redactor,
                cancelFlag: cancel,
                log: log.sink), scratch: scratch)
    }
}
