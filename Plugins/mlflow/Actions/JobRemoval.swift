// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Deletes the runs of one job, or tells which they are.
struct JobRemoval {
    private let server: Server
    /// As the tag holds it.
    private let job: String
    private let isDryRun: Bool

    init(_ server: Server, job: String, isDryRun: Bool) {
        self.server = server
        self.job = RunMark.stored(job)
        self.isDryRun = isDryRun
    }

    func run(_ call: Call) throws(HostError) {
        guard !job.isEmpty else {
            throw HostError(.invalidOption, "A job has a name.", subject: "job")
        }
        // Known before the first is deleted: pages would move under what is taken out of them.
        let marked = try find(call)
        for (index, run) in marked.enumerated() {
            do throws(HostError) {
                try call.checkCancelled()
                let outcome = isDryRun ? "would be deleted" : try delete(run.id, call)
                try call.row(run.id, run.experiment, run.name, run.state, outcome)
            } catch {
                var error = error
                if !isDryRun {
                    error.message += " \(index) of \(marked.count) runs are deleted; call again for the rest."
                }
                throw error
            }
        }
        call.log(.info, closing(marked.count))
    }

    /// What is kept of a run: thousands of them are held at a time.
    private struct Marked {
        let id: String
        let experiment: String
        let name: String
        let state: String
    }

    private func closing(_ count: Int) -> String {
        switch (count, isDryRun) {
        case (0, _): "no active run is of the job '\(job)'"
        case (_, true): "\(count) runs are of the job '\(job)'"
        case (_, false):
            "\(count) runs of the job '\(job)' are deleted; MLflow keeps deleted runs until mlflow gc"
        }
    }

    private func find(_ call: Call) throws(HostError) -> [Marked] {
        var marked: [Marked] = []
        let experiments = try ExperimentList(server).ids(call)
        let filter = RunSearch.filter("tags.`\(RunMark.job)`", job)
        // What the filter lets through is compared byte for byte: some databases compare without case or
        // accents.
        try RunScroll(server).each(in: experiments, matching: filter, call) { run in
            guard let name = run.tags[RunMark.job], ExactText(name) == ExactText(job) else { return }
            marked.append(
                Marked(
                    id: run.id, experiment: run.experiment, name: run.name,
                    state: run.isIncomplete ? "incomplete" : "complete"))
        }
        return marked
    }

    private func delete(_ run: String, _ call: Call) throws(HostError) -> String {
        guard case .refused(let refusal) = try server.post(run: run, "delete", call) else { return "deleted" }
        // Somebody else was first: 404, or 400 for a run in the state deleted.
        guard refusal.isAbsent || refusal.message.contains("'active' state") else {
            throw refusal.error("run \(run)")
        }
        return "gone already"
    }
}
