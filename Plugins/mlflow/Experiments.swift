// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The experiment that a unit belongs to: `[prefix/]<project>/<group>`.
struct ExperimentName: Hashable {
    /// Characters; the server refuses longer names.
    static let maxLength = 500

    /// nil: experiment 0.
    let name: String?
    /// The whole name, when it was too long.
    let cutFrom: String?

    init(_ unit: UnitInfo, _ settings: Settings) {
        let parts: [String?]
        if let group = unit.group {
            parts = [unit.ref.project, group]
        } else {
            parts = settings.ungrouped == .project ? [unit.ref.project] : []
        }
        let named = parts.compactMap { $0 }.filter { !$0.isEmpty }
        guard !named.isEmpty else {
            name = nil
            cutFrom = nil
            return
        }
        let prefix = settings.namePrefix.isEmpty ? [] : [settings.namePrefix]
        let whole = (prefix + named).joined(separator: "/").replacingNUL
        let short = whole.cut(to: Self.maxLength)
        name = short
        cutFrom = short == whole ? nil : whole
    }

    var text: String { name ?? "Default" }
}

struct Experiment {
    let id: String
    /// Made by this instance, so it holds no run that this instance does not know.
    let isMadeHere: Bool
}

/// Finds and makes experiments, each once.
final class ExperimentBook {
    private let server: Server
    private var known: [ExperimentName: Experiment] = [:]

    init(_ server: Server) { self.server = server }

    /// nil: not there. One that is there but deleted is an error, since its name cannot be used.
    func find(_ name: ExperimentName, _ call: Call) throws(HostError) -> Experiment? {
        if let experiment = known[name] { return experiment }
        let request: HTTPRequest
        if name.name == nil, !server.settings.usesWorkspace {
            request = server.get("\(Path.tracking)/experiments/get", [("experiment_id", "0")])
        } else {
            request = server.get("\(Path.tracking)/experiments/get-by-name", [("experiment_name", name.text)])
        }
        switch try server.ask(request, call) {
        case .value(let answer):
            guard let found = answer["experiment"], let id = found["experiment_id"]?.text else {
                throw HostError(.invalidData, "The server told no experiment id.", subject: name.text)
            }
            guard found["lifecycle_stage"]?.text != "deleted" else {
                throw HostError(
                    .conflict, "The experiment is there but deleted, and a deleted one keeps its name.",
                    subject: name.text,
                    remedy:
                        "Restore it (mlflow experiments restore --experiment-id \(id)), delete it for good "
                        + "(mlflow gc --experiment-ids \(id)), or set the option name-prefix.")
            }
            let experiment = Experiment(id: id, isMadeHere: false)
            known[name] = experiment
            return experiment
        case .refused(let refusal):
            guard refusal.isAbsent else { throw refusal.error(name.text) }
            return nil
        }
    }

    func make(_ name: ExperimentName, _ call: Call) throws(HostError) -> Experiment {
        if let experiment = try find(name, call) { return experiment }
        var body = JSONWriter()
        body.beginObject()
        body.field("name", name.text)
        body.endObject()
        switch try server.ask(server.post("\(Path.tracking)/experiments/create", body.bytes), call) {
        case .value(let answer):
            guard let id = answer["experiment_id"]?.text else {
                throw HostError(.invalidData, "The server told no experiment id.", subject: name.text)
            }
            let experiment = Experiment(id: id, isMadeHere: true)
            known[name] = experiment
            return experiment
        case .refused(let refusal):
            // Another worker made it in the meantime.
            guard refusal.exists, let experiment = try find(name, call) else {
                throw refusal.error(name.text)
            }
            return experiment
        }
    }
}
