// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The jobs whose runs are on the server, by the tags that the loader sets.
struct JobTally {
    struct Job {
        let name: String
        /// The first that is seen.
        let source: String
        var complete = 0
        var incomplete = 0
        var experiments: Set<String> = []
        var lastWrite = ""
    }

    /// In the order of their names.
    let jobs: [Job]

    init(_ server: Server, _ call: Call) throws(HostError) {
        var jobs: [ExactText: Job] = [:]
        let experiments = try ExperimentList(server).ids(call)
        try RunScroll(server).each(in: experiments, matching: "tags.`\(RunMark.job)` LIKE '%'", call) { run in
            guard let name = run.tags[RunMark.job] else { return }
            var job = jobs[ExactText(name)] ?? Job(name: name, source: run.tags["host.source"] ?? "")
            if run.isIncomplete { job.incomplete += 1 } else { job.complete += 1 }
            job.experiments.insert(run.experiment)
            // ISO times in UTC sort as text.
            let written = run.tags[RunMark.incomplete] ?? run.tags[RunMark.completed] ?? ""
            job.lastWrite = max(job.lastWrite, written)
            jobs[ExactText(name)] = job
        }
        self.jobs = jobs.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Run {
    /// Begun by the loader, and not yet proved whole.
    var isIncomplete: Bool { tags[RunMark.incomplete] != nil }
}
