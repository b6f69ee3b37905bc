// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostHTTP
internal import HostRecords

/// What all parts of a running job share.
///
/// Thread rule: immutable; what it holds may be used from any thread.
package final class JobContext: Sendable {
    package let settings: JobSettings
    package let ledger: Ledger
    package let monitor: RunMonitor
    package let cancel: CancelFlag
    package let log: JobLog
    let endpoints: JobEndpoints

    init(
        settings: JobSettings, ledger: Ledger, monitor: RunMonitor, cancel: CancelFlag, log: JobLog,
        endpoints: JobEndpoints
    ) {
        self.settings = settings
        self.ledger = ledger
        self.monitor = monitor
        self.cancel = cancel
        self.log = log
        self.endpoints = endpoints
    }
}

/// The two ends of a job, ready to be opened once for each worker.
package struct JobEndpoints: Sendable {
    package let source: PluginLibrary
    package let sourceOptions: ResolvedOptions
    package let target: PluginLibrary?
    package let targetOptions: ResolvedOptions?
    package let http: HTTPService
    package let redactor: Redactor
    package let scratch: String

    func openExporter(_ cancel: CancelFlag, _ log: JobLog) throws(HostError) -> any ExporterInstance {
        try ResolvedEndpoint(source, sourceOptions).openExporter(
            http: http, redactor: redactor, cancel: cancel, log: log, scratch: scratch)
    }

    func openLoader(_ cancel: CancelFlag, _ log: JobLog) throws(HostError) -> any LoaderInstance {
        guard let target, let targetOptions else {
            throw HostError(.internal, "A loader was wanted where there is no target.")
        }
        return try target.openLoader(
            targetOptions.values,
            context: CallContext(
                label: "\(target.name) (to)", queue: http.makeQueue(), redactor: redactor, cancelFlag: cancel,
                log: log.sink))
    }
}
