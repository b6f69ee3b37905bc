// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import HostCore
internal import HostRecords

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how far jobs are.",
        discussion: """
            Without a job, all jobs are listed. It only reads, so it may be asked while a run goes on,
            from another terminal, or after a crash.
            """)

    @Argument(help: ArgumentHelp("Name of the job.", valueName: "job"))
    var job: String?

    @Option(
        help: ArgumentHelp("Where job folders lie; by default in HOST_STATE_DIR/jobs.", valueName: "folder"))
    var jobDir: String?

    @Flag(help: "Tell all failures, not the first 20 alone.")
    var all = false

    @Flag(help: "Print one JSON object, or without a job an array of them.")
    var json = false

    func run() throws {
        let root = JobPlace.root(jobDir)
        guard let job else {
            try list(root)
            return
        }
        let report = try open(try JobPlace.checked(job), root)
        let limit = all ? Int.max : StatusText.mostFailures
        let failures = try report.failures(limit: limit)
        if json {
            try Console.print(StatusJSON.object(report, failures).text)
        } else {
            try Console.print(StatusText(Console.traits(1)).lines(report, failures))
        }
    }

    private func open(_ job: String, _ root: String) throws(HostError) -> JobReport {
        let names = JobReport.names(in: root)
        guard names.contains(job) else {
            throw HostError(
                .notFound, "There is no job of that name in \(root).", subject: job,
                remedy: names.isEmpty ? "Name the folder of the jobs with --job-dir." : "See host status.")
        }
        return try JobReport(folder: "\(root)/\(job)")
    }

    /// A job that can't be read is told, and hides none of the others.
    private func list(_ root: String) throws {
        var reports: [JobReport] = []
        var worst: HostError?
        for name in JobReport.names(in: root) {
            do throws(HostError) {
                reports.append(try JobReport(folder: "\(root)/\(name)"))
            } catch {
                Console.error("host: \(error)")
                worst = error
            }
        }
        if json {
            try Console.print(JSONLine.array(reports.map { StatusJSON.object($0) }))
        } else if reports.isEmpty {
            Console.error("No jobs in \(root).")
        } else {
            try Console.print(StatusText(Console.traits(1)).list(reports))
        }
        if let worst { throw ArgumentParser.ExitCode(HostCore.ExitCode.of(worst)) }
    }
}
