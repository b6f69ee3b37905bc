// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import HostABI
internal import HostConformance
internal import HostCore
internal import HostRecords

/// The command's entry: parses, runs a verb, and turns every end into an exit code of the manual.
package enum HostProgram {
    package static let version = "0.1.0"

    package static func main() {
        MemoryTuning.apply()
        // A reader that goes away (`host ls | head`) is no crash.
        signal(SIGPIPE, SIG_IGN)
        if ConformanceChild.isAsked(CommandLine.arguments) { ConformanceChild.main() }
        if WorkerProgram.isWanted {
            WorkerProgram.run()
            return
        }
        do {
            var command = try HostCommand.parseAsRoot()
            try command.run()
        } catch let error as HostError {
            Console.error("host: \(error)")
            exit(HostCore.ExitCode.of(error))
        } catch let code as ArgumentParser.ExitCode {
            exit(code.rawValue)
        } catch {
            HostCommand.exit(withError: error)
        }
    }
}

struct HostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Moves ML experiment records between trackers, any to any, and loses nothing in silence.",
        discussion: """
            Endpoints are written plugin[:location][?option=value&…]:

              host run --from parquet:./exports/data --to mlflow:http://127.0.0.1:5000
              host summary parquet:./exports/data
              host plugin list

            The same command again goes on where the last one stopped.
            Exit codes: 0 done, 2 plan has work, 64 usage, 65 units failed or data was refused, 69 service not
            available, 70 bug, 73 cannot write, 75 run again, 77 credentials, 130 and 143 interrupted.
            """,
        version: HostProgram.version,
        subcommands: [
            RunCommand.self, PlanCommand.self, StatusCommand.self, SummaryCommand.self, ListCommand.self,
            PluginCommand.self, ActionCommand.self,
        ])
}
