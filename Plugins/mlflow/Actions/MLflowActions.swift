// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What the plugin can do beside writing runs.
enum MLflowActions {
    static let all = [listExperiments, listJobs, deleteJob]

    private static let listExperiments = Action(
        ActionSpec(
            "list-experiments", .reads, .rows, role: .loader, summary: "Lists the experiments of the server.",
            parameters: [
                OptionSpec("filter", summary: "Only names that match this glob.", example: "imported/*"),
                OptionSpec("deleted", .bool, summary: "Also those that are deleted."),
                OptionSpec("count-runs", .bool, summary: "Count the active runs of each; reads all of them."),
            ],
            results: [
                .init("id", summary: "Its id."), .init("name", summary: "Its name."),
                .init("runs", .int, summary: "Active runs, when they were counted."),
                .init("state", summary: "active or deleted."),
                .init("created", summary: "When it was made, UTC."),
            ]),
        { call, instance, filter, size, deleted, counts in
            Action.answer(call, instance) { (loader: MLflowLoader, call) throws(HostError) in
                let list = ExperimentList(loader.server, includingDeleted: deleted != 0)
                try list.each(call) { (one) throws(HostError) in
                    guard one.matches(Action.text(filter, size)) else { return }
                    let runs = counts == 0 ? nil : try RunScroll(loader.server).count(in: one.id, call)
                    try call.row(one.id, one.name, runs, one.isDeleted ? "deleted" : "active", one.created)
                }
            }
        } as @convention(c) (CallArgument, InstanceArgument, TextArgument, Int64, Int32, Int32) -> Int32)

    private static let listJobs = Action(
        ActionSpec(
            "list-jobs", .reads, .rows, role: .loader,
            summary: "Lists the jobs of host whose runs the server holds.",
            help: "Runs carry the name of their job in the tag host.job. Deleted runs are not counted.",
            results: [
                .init("job", summary: "Its name."),
                .init("complete", .int, summary: "Runs that arrived whole."),
                .init("incomplete", .int, summary: "Runs that were begun and not finished."),
                .init("experiments", .int, summary: "In how many experiments they are."),
                .init("last-write", summary: "When a run was last finished or begun, UTC."),
                .init("source", summary: "Where the runs came from; of several the first."),
            ]),
        { call, instance in
            Action.answer(call, instance) { (loader: MLflowLoader, call) throws(HostError) in
                for job in try JobTally(loader.server, call).jobs {
                    try call.row(
                        job.name, job.complete, job.incomplete, job.experiments.count, job.lastWrite,
                        job.source)
                }
            }
        } as @convention(c) (CallArgument, InstanceArgument) -> Int32)

    private static let deleteJob = Action(
        ActionSpec(
            "delete-job", .deletes, [.dryRun, .rows], role: .loader,
            summary: "Deletes the runs that a job made, complete and incomplete ones.",
            help: """
                Exactly the active runs whose tag host.job is the job's name; also runs that were there before and \
                that the job took over. Experiments stay, since others may use them; so do all other runs.
                MLflow only marks runs as deleted: mlflow runs restore --run-id ID brings one back, mlflow gc \
                removes them with their artifacts for good. REST can't do that, so neither can this action.
                A job that is run again makes its runs anew.
                """,
            parameters: [
                OptionSpec(
                    "job", .text, .required, summary: "The job's name; see mlflow.list-jobs.",
                    example: "nightly")
            ],
            results: [
                .init("run", summary: "Its id."), .init("experiment", summary: "The id of its experiment."),
                .init("name", summary: "Its name."), .init("state", summary: "complete or incomplete."),
                .init("outcome", summary: "deleted, gone already, or would be deleted."),
            ]),
        { call, instance, dryRun, job, size in
            Action.answer(call, instance) { (loader: MLflowLoader, call) throws(HostError) in
                let name = Action.text(job, size) ?? ""
                try JobRemoval(loader.server, job: name, isDryRun: dryRun != 0).run(call)
            }
        } as @convention(c) (CallArgument, InstanceArgument, Int32, TextArgument, Int64) -> Int32)
}
