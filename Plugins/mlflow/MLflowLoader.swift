// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Writes runs to an MLflow tracking server through its REST interface.
final class MLflowLoader: Loader {
    let server: Server
    private let flight = Flight()
    private let experiments: ExperimentBook

    init(_ options: Options, _ call: Call) throws(HostError) {
        server = Server(try Settings(options, call))
        experiments = ExperimentBook(server)
    }

    func check(_ call: Call) throws(HostError) {
        _ = try server.facts(call)
        var body = JSONWriter()
        body.beginObject()
        body.field("max_results", 1)
        body.endObject()
        _ = try server.fetch(
            server.post("\(Path.tracking)/experiments/search", body.bytes), "experiments/search", call)
    }

    func limits(_ call: Call) throws(HostError) -> Limits {
        try server.facts(call).limits
    }

    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found {
        let name = ExperimentName(unit, server.settings)
        guard let experiment = try experiments.find(name, call) else { return Found(.nothing) }
        let search = RunSearch(server: server, facts: try server.facts(call), experiment: experiment.id)
        if let ours = try search.byKey(unit, call) { return ours }
        // Nobody else wrote to an experiment that is this young. By key it is searched all the same: a unit
        // that is tried again may have been begun by another worker.
        return experiment.isMadeHere ? Found(.nothing) : try search.byName(unit, call)
    }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad {
        flight.clear(call)
        let facts = try server.facts(call)
        if mode == .continue {
            let run = try RunOpening(server: server, facts: facts, unit: unit).takeUp(found, call)
            return RunLoad(
                server, flight, facts, unit, run, Expected(continuing: run, found, resumeAfter), resumeAfter)
        }
        if mode == .replace { try RunOpening(server: server, facts: facts, unit: unit).remove(found, call) }
        let name = ExperimentName(unit, server.settings)
        let experiment = try experiments.make(name, call)
        if let cut = name.cutFrom {
            call.loss(
                LossReport(
                    .renamed, .units, "experiment.renamed", path: cut, note: "the experiment is \(name.text)")
            )
        }
        let run = try RunOpening(server: server, facts: facts, unit: unit).create(in: experiment.id, call)
        return RunLoad(server, flight, facts, unit, run, Expected(), resumeAfter)
    }
}
