// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Looks for runs in one experiment, active ones alone.
struct RunSearch {
    let server: Server
    let facts: ServerFacts
    let experiment: String

    /// The run that was begun under the unit's key; nil when there is none.
    func byKey(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found? {
        var runs: [Run] = []
        try each(try keyFilter(unit), call) { run in
            if run.tags[RunMark.key] == unit.key { runs.append(run) }
            return true
        }
        let complete = runs.filter { $0.tags[RunMark.incomplete] == nil }
        let mark = complete.isEmpty ? RunMark.incomplete : RunMark.completed
        // ISO times in UTC sort as text.
        guard
            let best = (complete.isEmpty ? runs : complete).max(by: {
                $0.tags[mark] ?? "" < $1.tags[mark] ?? ""
            })
        else { return nil }
        var note = complete.isEmpty ? "begun \(best.tags[mark] ?? "")" : "completed \(best.tags[mark] ?? "")"
        if runs.count > 1 {
            let others = runs.map(\.id).filter { $0 != best.id }.joined(separator: ", ")
            note += "; \(runs.count) runs carry this key, the newest is taken; the others: \(others)"
        }
        let isCheap = best.metrics.isEmpty || facts.takesPointsAgain
        return Found(
            complete.isEmpty ? isCheap ? .partial : .broken : .complete, target: best.id,
            url: best.url(server),
            revision: best.tags[RunMark.revision] ?? "", note: note)
    }

    /// A run of the unit's name that this program did not make.
    func byName(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found {
        let name = RunMark.runName(unit)
        var found: Run?
        try each(Self.nameFilter(name), call) { run in
            guard run.name == name, run.tags[RunMark.key] == nil else { return true }
            found = run
            return false
        }
        guard let found else { return Found(.nothing) }
        let started =
            found.startTime.map { "started \(UTCTime(milliseconds: $0).spacedText)" } ?? "without start time"
        let note =
            "a run of this name, \(found.status), \(started), with \(found.params.count) params, "
            + "\(found.metrics.count) metrics and \(found.tags.count) tags, not made by this program"
        return Found(.foreign, target: found.id, url: found.url(server), note: note)
    }

    /// The runs that one begin made: more than one after an answer was lost.
    func begun(_ unit: UnitInfo, since mark: String, _ call: Call) throws(HostError) -> [Run] {
        var runs: [Run] = []
        try each(try keyFilter(unit), call) { run in
            if run.tags[RunMark.key] == unit.key, run.tags[RunMark.incomplete] == mark { runs.append(run) }
            return true
        }
        return runs
    }

    private func keyFilter(_ unit: UnitInfo) throws(HostError) -> String {
        guard !unit.key.isEmpty, unit.key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw HostError(
                .invalidState, "The unit's key is not made of letters and digits.", subject: unit.key)
        }
        return "tags.`\(RunMark.key)` = '\(unit.key)'"
    }

    /// MLflow's filters know no escapes, and their parser stumbles over more than quotes. So a name of plain
    /// characters is asked for as it is, and any other by a pattern in which `_` stands for each odd
    /// character; what comes back is compared here.
    static func nameFilter(_ name: String) -> String { filter("attributes.run_name", name) }

    /// The same for any key.
    static func filter(_ key: String, _ name: String) -> String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || " -./:_".unicodeScalars.contains(scalar)
        }
        if name.unicodeScalars.allSatisfy(isPlain), name.first != " ", name.last != " " {
            return "\(key) = '\(name)'"
        }
        let pattern = name.unicodeScalars.map { isPlain($0) && $0 != " " ? String($0) : "_" }.joined()
        return "\(key) LIKE '\(pattern)'"
    }

    /// `body` answers whether to go on.
    private func each(_ filter: String, _ call: Call, _ body: (Run) -> Bool) throws(HostError) {
        var token: String?
        repeat {
            var request = JSONWriter()
            request.beginObject()
            request.key("experiment_ids")
            request.beginArray()
            request.value(experiment)
            request.endArray()
            request.field("filter", filter)
            request.field("run_view_type", "ACTIVE_ONLY")
            request.field("max_results", 20)
            if let token { request.field("page_token", token) }
            request.endObject()
            let answer = try server.fetch(
                server.post("\(Path.tracking)/runs/search", request.bytes), "runs/search", call)
            for item in answer["runs"]?.items ?? [] {
                guard let run = Run(item) else { continue }
                guard body(run) else { return }
            }
            token = answer["next_page_token"]?.text
        } while token?.isEmpty == false
    }
}
