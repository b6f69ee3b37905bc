// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What Comet tells of an experiment's "others".
struct Others {
    let values: [ExactText: String]

    subscript(name: String) -> String? { values[ExactText(name)] }

    var state: String { self[Mark.state] ?? "" }
    /// nil: points were under way when the load ended.
    var points: PointsMark? { self[Mark.points].map { PointsMark($0) } ?? PointsMark() }
    var attempt: Int { max(1, self[Mark.attempt].flatMap { Int($0) } ?? 1) }
}

/// Reads and writes whole experiments by their keys.
struct Experiments {
    let server: Server

    /// nil when there is no such experiment.
    func others(_ key: ExperimentKey, _ call: Call) throws(HostError) -> Others? {
        let request = server.get("experiment/log-other", [("experimentKey", key.text)])
        switch try server.ask(request, call) {
        case .success(let answer):
            guard case .array(let items)? = answer["values"] else {
                throw HostError(
                    .invalidData, "Comet's answer holds no list of values.", subject: "log-other")
            }
            let pairs = items.map { (ExactText($0["name"]?.text ?? ""), $0["valueCurrent"]?.text ?? "") }
            return Others(values: Dictionary(pairs) { $1 })
        case .failure(let failure):
            guard failure.refusal.isAbsent else { throw failure.refusal.error("experiment \(key.text)") }
            return nil
        }
    }

    func find(_ first: ExperimentKey, _ project: String, _ call: Call) throws(HostError) -> Found {
        guard var others = try others(first, call) else { return Found(.nothing) }
        let key = first.attempt(others.attempt)
        let url = url(key, try server.workspace(call), project)
        if key != first {
            guard let later = try self.others(key, call) else {
                return Found(
                    .broken, target: key.text, url: url, note: "attempt \(key.attempt), not made yet")
            }
            others = later
        }
        if others.state == Mark.complete {
            return Found(
                .complete, target: key.text, url: url, revision: others[Mark.revision] ?? "",
                note: "experiment \(key.text)")
        }
        if others.state == Mark.fromArchive {
            return Found(.foreign, target: key.text, url: url, note: "uploaded from an archive")
        }
        guard others.state != Mark.replaced, let points = others.points else {
            return Found(
                .broken, target: key.text, url: url,
                note: "points were under way, and Comet would keep them twice")
        }
        return Found(.partial, target: key.text, url: url, note: "begun, with \(points.points) points")
    }

    func url(_ key: ExperimentKey, _ workspace: String, _ project: String) -> String {
        let path = [workspace, project, key.text].map(PercentEncoding.segment).joined(separator: "/")
        return "\(server.settings.root)/\(path)"
    }

    func set(_ name: String, _ value: String, _ key: ExperimentKey, _ call: Call) throws(HostError) {
        try server.fetch(other(name, .text(value), key), "\(name) of experiment \(key.text)", call)
    }

    func other(_ name: String, _ value: Fragment, _ key: ExperimentKey) -> HTTPRequest {
        var body = JSONWriter()
        body.beginObject()
        body.field("experimentKey", key.text)
        body.field("key", name)
        body.key("value")
        body.finished(value.bytes)
        body.endObject()
        return server.post("experiment/log-other", body)
    }

    /// Takes an attempt out of sight. The first of a unit stays in Comet's archive, since it tells which
    /// attempt counts; later ones are deleted.
    func retire(_ key: ExperimentKey, _ call: Call) throws(HostError) {
        if key.attempt == 1 { try set(Mark.state, Mark.replaced, key, call) }
        let verb = key.attempt == 1 ? "archive" : "delete"
        let request = server.get("write/experiment/\(verb)", [("experimentKey", key.text)])
        let answer = try call.send(request)
        guard !(200..<300 ~= answer.status) else { return }
        let refusal = Refusal(answer)
        guard refusal.isAbsent else { throw refusal.error("experiment \(key.text)") }
    }
}
