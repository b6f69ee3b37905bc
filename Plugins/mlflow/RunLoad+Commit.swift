// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// Nothing here harms when it is done again, so a commit may be called again after an error.
    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        _ = try flush(call)
        if open.mayHaveTwins { try removeTwins(call) }
        let there = try server.run(run, call)
        try Verification(server: server, run: run, expected: expected).check(there, artifacts, flight, call)
        try mark(summary, call)
        try finish(there, call)
        if case .refused(let refusal) = try server.post(
            run: run, "delete-tag", call, with: ("key", RunMark.incomplete))
        {
            guard refusal.isAbsent else { throw refusal.error("run \(run)") }
        }
        isCommitted = true
        return Target(id: run, url: there.url(server))
    }

    /// A runs/create whose answer was lost may have been done twice; the twin holds nothing but our tags.
    private func removeTwins(_ call: Call) throws(HostError) {
        let search = RunSearch(server: server, facts: facts, experiment: open.run.experiment)
        for twin in try search.begun(unit, since: open.mark, call) where twin.id != run {
            try RunOpening(server: server, facts: facts, unit: unit).remove(
                Found(.broken, target: twin.id), call)
            call.log(.info, "Run \(twin.id) is removed: it was made twice when an answer was lost.")
        }
    }

    private func mark(_ summary: CommitSummary, _ call: Call) throws(HostError) {
        var tags: [(name: String, value: String)] = [
            (RunMark.completed, UTCTime.now().isoText), ("host.checksum", summary.checksum),
        ]
        if !unit.revision.isEmpty { tags.append((RunMark.revision, unit.revision.cut(to: facts.maxTag))) }
        for table in [Table.fields, .points, .series, .histograms, .files] {
            tags.append(("host.\(table.label)", String(summary.rows[table] ?? 0)))
        }
        var body = JSONWriter()
        body.beginObject()
        body.field("run_id", run)
        RunMark.write(tags.filter { !$0.value.isEmpty }, to: &body)
        body.endObject()
        _ = try server.fetch(
            server.post("\(Path.tracking)/runs/log-batch", body.bytes), "log-batch of run \(run)", call)
    }

    private func finish(_ there: Run, _ call: Call) throws(HostError) {
        var body = JSONWriter()
        body.beginObject()
        body.field("run_id", run)
        switch unit.state {
        case "running": body.field("status", "RUNNING")
        case "failed": body.field("status", "FAILED")
        case "killed": body.field("status", "KILLED")
        default: body.field("status", "FINISHED")
        }
        let latest = there.metrics.compactMap { $0["timestamp"]?.int }.max()
        let seen = [expected.latest, latest].compactMap { $0 }.max()
        if let ended = unit.ended ?? (unit.state == "running" ? nil : seen) { body.field("end_time", ended) }
        body.endObject()
        _ = try server.fetch(server.post("\(Path.tracking)/runs/update", body.bytes), "run \(run)", call)
    }
}
