// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A run as the server tells it.
struct Run {
    let id: String
    let experiment: String
    let name: String
    let status: String
    let startTime: Int64?
    let artifactURI: String
    let isDeleted: Bool
    let params: [JSON]
    let tags: [String: String]
    let metrics: [JSON]

    init?(_ run: JSON?) {
        guard let run, let info = run["info"], let id = info["run_id"]?.text else { return nil }
        self.id = id
        experiment = info["experiment_id"]?.text ?? ""
        name = info["run_name"]?.text ?? ""
        status = info["status"]?.text ?? ""
        startTime = info["start_time"]?.int
        artifactURI = info["artifact_uri"]?.text ?? ""
        isDeleted = info["lifecycle_stage"]?.text == "deleted"
        params = run["data"]?["params"]?.items ?? []
        metrics = run["data"]?["metrics"]?.items ?? []
        let pairs = run["data"]?["tags"]?.items ?? []
        tags = Dictionary(
            pairs.map { ($0["key"]?.text ?? "", $0["value"]?.text ?? "") }, uniquingKeysWith: { $1 })
    }

    func url(_ server: Server) -> String {
        "\(server.settings.base)/#/experiments/\(experiment)/runs/\(id)"
    }
}

extension Server {
    func run(_ id: String, _ call: Call) throws(HostError) -> Run {
        let answer: JSON
        switch try ask(get("\(Path.tracking)/runs/get", [("run_id", id)]), call) {
        case .value(let value): answer = value
        case .refused(let refusal):
            guard refusal.isAbsent else { throw refusal.error("run \(id)") }
            throw HostError(
                .conflict, "The run is not in MLflow any more.", subject: "run \(id)",
                remedy: "Run again: it is made anew.")
        }
        guard let run = Run(answer["run"]) else {
            throw HostError(.invalidData, "The server told a run without an id.", subject: "run \(id)")
        }
        guard !run.isDeleted else {
            throw HostError(
                .conflict, "The run was deleted in MLflow.", subject: "run \(id)",
                remedy: "Restore it (mlflow runs restore --run-id \(id)), or run again: it is made anew.")
        }
        return run
    }

    /// A call whose body is a run id and perhaps one more text.
    func post(
        run id: String, _ method: String, _ call: Call, with more: (name: String, value: String)? = nil
    ) throws(HostError) -> Reply {
        var body = JSONWriter()
        body.beginObject()
        body.field("run_id", id)
        if let more { body.field(more.name, more.value) }
        body.endObject()
        return try ask(post("\(Path.tracking)/runs/\(method)", body.bytes), call)
    }
}
