// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostPlugins
package import HostHTTP
package import HostRecords

/// One run of a job: open both ends, list, move what is not there yet, tell what came of it.
package struct JobRun {
    package let context: JobContext
    private let started = Date()

    /// Finds the plugins, checks the options, takes the job's lock and opens its ledger. Nothing is sent anywhere.
    package init(
        _ settings: JobSettings, plugins: PluginSearch, http httpSettings: HTTPSettings = HTTPSettings(),
        monitor: RunMonitor, cancel: CancelFlag
    ) throws(HostError) {
        var settings = settings
        var httpSettings = httpSettings
        let source = try plugins.find(settings.from.plugin)
        let target = try plugins.find(settings.to.plugin)
        let redactor = httpSettings.redactor
        let from = try ResolvedEndpoint(
            settings.from, of: source, as: .exporter, flags: settings.fromOptions, redactor: redactor)
        let to = try ResolvedEndpoint(
            settings.to, of: target, as: .loader, flags: settings.toOptions, redactor: redactor)
        let (sourceOptions, targetOptions) = (from.options, to.options)
        settings.from.location = from.shownLocation
        settings.to.location = to.shownLocation
        if settings.name.isEmpty { settings.name = Self.defaultName(settings) }
        settings.folder += "/" + settings.name

        let lock = try JobLock.acquire(in: settings.folder)
        if settings.isFresh { _ = try Ledger.setAside(lock: lock) }
        let ledger = try Ledger.open(
            lock: lock, identity: Self.identity(settings, sourceOptions, targetOptions))
        let log = JobLog(folder: settings.folder, redactor: redactor)
        httpSettings.onWaiting = { authority, reason, seconds in
            monitor.waiting("\(authority): \(reason)", seconds: seconds)
            log.write(.info, "waiting for \(authority): \(reason), \(seconds) s")
        }
        let endpoints = JobEndpoints(
            source: source, sourceOptions: sourceOptions, target: target, targetOptions: targetOptions,
            http: try HTTPService(httpSettings), redactor: redactor, scratch: settings.folder)
        for name in sourceOptions.exposedSecrets + targetOptions.exposedSecrets {
            log.write(.warning, "the secret '\(name)' was typed on the command line, where ps and the shell's history show it")
        }
        context = JobContext(
            settings: settings, ledger: ledger, monitor: monitor, cancel: cancel, log: log, endpoints: endpoints)
    }

    /// Secrets that were typed where other users can see them.
    package var exposedSecrets: [String] {
        context.endpoints.sourceOptions.exposedSecrets + (context.endpoints.targetOptions?.exposedSecrets ?? [])
    }

    private static func identity(
        _ settings: JobSettings, _ source: ResolvedOptions, _ target: ResolvedOptions
    ) -> JobIdentity {
        var options: [String: String] = [:]
        for (name, value) in source.identity { options["from.\(name)"] = value }
        for (name, value) in target.identity { options["to.\(name)"] = value }
        if !settings.stepScale.isIdentity { options["step-multiplier"] = "\(settings.stepScale.multiplier)" }
        return JobIdentity(
            from: settings.sourceLabel, to: [settings.targetLabel], selection: settings.selection.identity,
            options: options)
    }

    /// Readable, and the same for the same ends and selection.
    static func defaultName(_ settings: JobSettings) -> String {
        let parts = [settings.sourceLabel, settings.targetLabel] + settings.selection.identity.sorted {
            $0.key < $1.key
        }.flatMap { [$0.key, $0.value] }
        return "\(settings.from.plugin)-to-\(settings.to.plugin)-\(Digest.sha256(parts).prefix(8))"
    }

    /// - Parameter signal: the signal that asked to stop, once one did.
    package func run(signal: () -> Int32? = { nil }) -> JobResult {
        var result = JobResult(name: context.settings.name, folder: context.settings.folder)
        context.log.write(.info, "run of \(context.settings.sourceLabel) to \(context.settings.targetLabel) begins")
        do throws(HostError) {
            try work()
        } catch {
            result.stoppedBy = context.cancel.isSet ? HostError(.cancelled, "Stopped on request.", retry: .stop) : error
        }
        result.signal = signal()
        result.state = context.monitor.snapshot
        result.seconds = Date().timeIntervalSince(started)
        context.endpoints.http.stop()
        context.log.write(.info, "run ends with exit code \(result.exitCode)")
        result.save()
        return result
    }

    private func work() throws(HostError) {
        let monitor = context.monitor
        monitor.phase("checking")
        let exporter = try context.endpoints.openExporter(context.cancel, context.log)
        try exporter.check()
        let loader = try context.endpoints.openLoader(context.cancel, context.log)
        try loader.check()
        let limits = try loader.limits()
        monitor.phase("listing")
        let units = try UnitListing(context).list(exporter)
        monitor.update { $0.unitsTotal = $0.unitsSeen }
        monitor.phase("moving")
        let pool = WorkerPool(context, UnitSchedule(units), limits)
        try pool.run(first: (exporter, loader), count: min(max(context.settings.transfers, 1), max(units.count, 1)))
        monitor.phase("done")
    }
}

/// `user:password@` in a URL is for the connection, not for ledgers and reports.
enum UserInfo {
    static func removed(_ location: String) -> String {
        guard let scheme = location.range(of: "://") else { return location }
        let rest = location[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let mark = authority.lastIndex(of: "@") else { return location }
        return String(location[..<scheme.upperBound]) + String(rest[rest.index(after: mark)...])
    }
}
