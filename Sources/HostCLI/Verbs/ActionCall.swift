// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostABI
internal import HostCore
internal import HostPlugins
internal import HostRecords

struct ActionCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Call an action of a plugin.",
        discussion: """
            The parameters stand behind the name, as host action info tells them: --name value, \
            --name=value; --flag and --no-flag; a list by repeating it:

              host action call mlflow.delete-job --at http://127.0.0.1:5000 --job nightly --dry-run

            A secret parameter comes from HOST_PARAM_NAME. The endpoint's other options are given by --opt, or \
            by their variables.
            """)

    @Argument(help: ArgumentHelp("The action: plugin.action.", valueName: "name"))
    var name: String

    @Argument(
        parsing: .allUnrecognized, help: ArgumentHelp("Parameters of the action.", valueName: "--name value"))
    var words: [String] = []

    @Option(help: ArgumentHelp("Where: the part of an endpoint behind the colon.", valueName: "location"))
    var at: String?

    @Option(
        name: .customLong("opt"), parsing: .singleValue,
        help: ArgumentHelp("An option of the endpoint; see host plugin info.", valueName: "name=value"))
    var options: [String] = []

    @Flag(help: "Say what would happen and do nothing, where the action can.")
    var dryRun = false

    @Flag(help: "Do not ask before something is deleted.")
    var yes = false

    @Flag(help: "Print one JSON object with action, dry_run and results or rows.")
    var json = false

    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Plugins") var plugins: PluginOptions

    func run() throws {
        let cancel = CancelFlag()
        let session = try ActionSession(
            try ActionName(parsing: name), words: words, at: at, options: options, plugins: try plugins.search(),
            http: try network.settings(), cancel: cancel,
            log: { severity, line in if severity >= .info { Console.error("host: \(line)") } })
        ExposedSecrets.warn(session.exposedSecrets)
        guard !dryRun || session.spec.flags.contains(.dryRun) else {
            throw HostError(
                .invalidOption, "The action can't say what it would do, so --dry-run is refused.",
                subject: name)
        }
        if session.spec.effect == .deletes, !dryRun, !yes {
            try ActionConsent(session, name: name).ask()
        }
        let signals = SignalWatch(cancel)
        let outcome = try session.call(isDryRun: dryRun)
        try report(outcome, session)
        if let signal = signals.received { throw ArgumentParser.ExitCode(128 + signal) }
    }

    private func report(_ outcome: ActionOutcome, _ session: ActionSession) throws {
        if json {
            try Console.print(
                ActionJSON.outcome(outcome, of: session.spec, name: name, isDryRun: dryRun).text)
        } else {
            try Console.print(ActionText(Console.traits(1)).outcome(outcome, of: session.spec))
            if dryRun { Console.error("host: dry run: nothing was done") }
        }
        guard let failure = outcome.failure else { return }
        Console.error(ErrorText(Console.traits(2)).lines(failure, lead: "host: "))
        throw ArgumentParser.ExitCode(HostCore.ExitCode.of(failure))
    }
}
