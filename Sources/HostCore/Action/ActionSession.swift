// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostHTTP
package import HostPlugins
package import HostRecords

/// One action of one plugin at one endpoint, ready to be called.
///
/// Thread rule: one thread.
package final class ActionSession {
    package let library: PluginLibrary
    package let spec: ActionSpec
    /// The parameters as they were typed.
    package let line: ActionCommandLine
    private let index: Int
    private let endpoint: ResolvedOptions?
    private let settings: HTTPSettings
    private let cancel: CancelFlag
    private let log: CallContext.LogSink

    /// Finds the plugin, proves the declaration, reads the parameters and resolves the endpoint's options.
    /// Nothing is sent anywhere.
    ///
    /// - Parameter words: what stands behind the action's name.
    /// - Parameter location: the part of the endpoint behind the colon.
    /// - Parameter options: more of its options, `name=value` each.
    package init(
        _ name: ActionName, words: [String], at location: String?, options: [String], plugins: PluginSearch,
        http settings: HTTPSettings, cancel: CancelFlag, log: @escaping CallContext.LogSink
    ) throws(HostError) {
        library = try plugins.find(name.plugin)
        index = try name.index(in: library)
        spec = library.actions[index]
        self.settings = settings
        self.cancel = cancel
        self.log = log
        let problems = ActionRules.check(spec, roles: library.roles)
        guard problems.isEmpty else {
            throw HostError(
                .invalidData, "The action is declared wrongly: \(problems.joined(separator: "; ")).",
                subject: "\(name.plugin).\(name.action)", remedy: "Tell the plugin's author.", retry: .stop)
        }
        line = try ActionCommandLine(parsing: words, for: spec)
        for secret in line.secrets { settings.redactor.protect(secret) }
        guard !spec.role.isEmpty else {
            guard location == nil, options.isEmpty else {
                throw HostError(
                    .invalidOption, "The action works on no endpoint: --at and --opt mean nothing to it.",
                    subject: "\(name.plugin).\(name.action)")
            }
            endpoint = nil
            return
        }
        endpoint = try Self.resolved(library, spec.role, location, options)
        for secret in endpoint?.secrets ?? [] { settings.redactor.protect(secret) }
    }

    /// Secrets that were typed where other users can see them.
    package var exposedSecrets: [String] { (endpoint?.exposedSecrets ?? []) + line.exposedSecrets }

    /// The endpoint as screens name it: without what is for the connection alone.
    package var place: String? { endpoint.map { UserInfo.removed($0.location) } }

    package func call(isDryRun: Bool) throws(HostError) -> ActionOutcome {
        let http = try HTTPService(settings)
        defer { http.stop() }
        let context = CallContext(
            label: "\(library.name).\(spec.name)", queue: http.makeQueue(), redactor: settings.redactor,
            cancelFlag: cancel, log: log)
        return try library.call(
            action: index, ActionArguments(line.values, isDryRun: isDryRun), at: endpoint?.values,
            context: context)
    }

    /// The resolver's words are those of `--from` and `--to`; here it is `--at` and `--opt`.
    private static func resolved(
        _ library: PluginLibrary, _ role: Roles, _ location: String?, _ options: [String]
    ) throws(HostError) -> ResolvedOptions {
        let text = library.name + (location.map { ":\($0)" } ?? "")
        let endpoint = try Endpoint(parsing: text)
        do throws(HostError) {
            return try OptionResolver(library, role: role).resolve(endpoint, flags: options)
        } catch {
            var error = error
            error.remedy = error.remedy.replacingOccurrences(
                of: "Write \(library.name):…", with: "Give --at LOCATION"
            )
            .replacingOccurrences(of: role == .exporter ? "--from-opt" : "--to-opt", with: "--opt")
            throw error
        }
    }
}
