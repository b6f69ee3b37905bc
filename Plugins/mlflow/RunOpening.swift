// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A run that is open for writing.
struct OpenRun {
    let run: Run
    /// The incomplete mark of this begin.
    let mark: String
    /// An answer to runs/create was lost, so the server may hold twins of the run.
    let mayHaveTwins: Bool
}

/// Makes, takes up and removes the run of one unit.
struct RunOpening {
    private static let maxTries = 4

    let server: Server
    let facts: ServerFacts
    let unit: UnitInfo

    /// runs/create may not be sent twice blindly: after each lost answer the server is asked whether the run
    /// is there.
    func create(in experiment: String, _ call: Call) throws(HostError) -> OpenRun {
        let mark = UTCTime.now().isoText
        let name = RunMark.runName(unit)
        if name != unit.label {
            call.loss(
                LossReport(.renamed, .units, "run.renamed", path: unit.label, note: "the run is \(name)"))
        }
        var body = JSONWriter()
        body.beginObject()
        body.field("experiment_id", experiment)
        body.field("run_name", name)
        if let started = unit.started ?? unit.created { body.field("start_time", started) }
        if let owner = unit.owner { body.field("user_id", owner.replacingNUL.cut(to: RunMark.maxUser)) }
        RunMark.write(RunMark.tags(unit, since: mark), to: &body)
        body.endObject()
        let request = server.post("\(Path.tracking)/runs/create", body.bytes, isIdempotent: false)
        let search = RunSearch(server: server, facts: facts, experiment: experiment)
        var last = HostError(.unavailable, "The run could not be made.", subject: "runs/create")
        for attempt in 1...Self.maxTries {
            do throws(HostError) {
                let answer = try server.fetch(request, "runs/create", call)
                guard let run = Run(answer["run"]) else {
                    throw HostError(.invalidData, "The server told no run id.", subject: "runs/create")
                }
                return OpenRun(run: run, mark: mark, mayHaveTwins: attempt > 1)
            } catch {
                guard error.status == .unavailable || error.status == .timeout, !call.isCancelled else {
                    throw error
                }
                last = error
            }
            if let run = try search.begun(unit, since: mark, call).first {
                return OpenRun(run: run, mark: mark, mayHaveTwins: true)
            }
        }
        throw last
    }

    /// Goes on with the run that was found.
    func takeUp(_ found: Found, _ call: Call) throws(HostError) -> OpenRun {
        let run = try server.run(found.target, call)
        let mark = UTCTime.now().isoText
        var body = JSONWriter()
        body.beginObject()
        body.field("run_id", run.id)
        RunMark.write(RunMark.tags(unit, since: mark), to: &body)
        body.endObject()
        _ = try server.fetch(
            server.post("\(Path.tracking)/runs/log-batch", body.bytes), "log-batch of run \(run.id)", call)
        if found.state == .foreign {
            call.log(
                .info,
                "Run \(run.id) was not made by this program; it is taken over and marked as incomplete.")
        }
        if let started = unit.started ?? unit.created, run.startTime != started, found.state == .foreign {
            call.loss(
                LossReport(
                    .redated, .units, "run.start", path: unit.label,
                    note: "the start time of a run that is there already cannot be changed"))
        }
        return OpenRun(run: run, mark: mark, mayHaveTwins: false)
    }

    func remove(_ found: Found, _ call: Call) throws(HostError) {
        guard !found.target.isEmpty else { return }
        guard case .refused(let refusal) = try server.post(run: found.target, "delete", call) else { return }
        // Gone already, which is what was wanted: 404, or 400 for a run in the state deleted.
        guard refusal.isAbsent || refusal.message.contains("'active' state") else {
            throw refusal.error("run \(found.target)")
        }
    }
}
