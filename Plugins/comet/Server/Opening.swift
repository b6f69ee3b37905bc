// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// An experiment that is open for writing.
struct OpenExperiment {
    let key: ExperimentKey
    /// Comet's id of this session; assets and the alive mark carry it.
    let session: String
    let project: String
    let url: String
    /// Whether large files may go straight to the storage behind Comet.
    let takesParts: Bool
    var points: PointsMark
    /// Points that come again and are there already.
    let pointsToSkip: Int64
}

/// Makes and takes up the experiment of one unit.
struct Opening {
    let server: Server
    let unit: UnitInfo
    let first: ExperimentKey
    let project: String

    private var experiments: Experiments { Experiments(server: server) }

    init(_ server: Server, _ unit: UnitInfo, _ call: Call) throws(HostError) {
        self.server = server
        self.unit = unit
        project = server.settings.projectName(unit)
        first = ExperimentKey(unit, workspace: try server.workspace(call), project: project)
    }

    func open(
        _ found: Found, _ mode: BeginMode, _ resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> OpenExperiment {
        guard mode != .new, found.state != .nothing, let pointer = try experiments.others(first, call) else {
            guard resumeAfter == 0 else { throw changed(first) }
            return try create(first, call)
        }
        let key = first.attempt(pointer.attempt)
        let others = key == first ? pointer : try experiments.others(key, call)
        if others == nil {
            guard resumeAfter == 0 else { throw changed(key) }
            // A load ended between the move of the pointer and the making of what it points to.
            try retire(first.attempt(key.attempt - 1), for: key, call)
            return try create(key, call)
        }
        guard mode == .continue, let others, ["", Mark.incomplete].contains(others.state),
            let points = others.points, let known = points.points(after: resumeAfter),
            resumeAfter > 0 || points.points == 0 && isSameWork(others)
        else {
            if mode == .continue, resumeAfter > 0 {
                // What the host takes for safe it does not hand over again: the next try begins from nothing.
                try experiments.set(Mark.points, PointsMark.open, key, call)
                throw changed(key)
            }
            return try replace(key, call)
        }
        return try takeUp(key, points, skipping: known, call)
    }

    /// What an earlier load left may stay only if this one writes the same over it.
    private func isSameWork(_ others: Others) -> Bool {
        others.state.isEmpty || others[Mark.begun] == begun
    }

    private var begun: String { WideHash.hex([unit.job, unit.revision]) }

    private func changed(_ key: ExperimentKey) -> HostError {
        HostError(
            .unavailable, "The experiment is not what was left there, and is made anew.",
            subject: "experiment \(key.text)", retry: .later)
    }

    /// Goes on with what an earlier load began. Nothing of it is sent twice but what may be.
    private func takeUp(
        _ key: ExperimentKey, _ points: PointsMark, skipping known: Int64, _ call: Call
    ) throws(HostError) -> OpenExperiment {
        let body = server.clientBody {
            $0.field("previousExperiment", key.text)
            $0.field("libVersion", Server.libraryVersion)
            $0.field("local_timestamp", Clock.milliseconds)
        }
        let answer = try server.fetch(
            server.client("logger/get/run", body), "experiment \(key.text)", call)
        let open = try opened(key, answer, points, skipping: known)
        try experiments.set(Mark.state, Mark.incomplete, key, call)
        try experiments.set(Mark.begun, begun, key, call)
        return open
    }

    private func replace(_ old: ExperimentKey, _ call: Call) throws(HostError) -> OpenExperiment {
        try retire(old, for: old.next, call)
        return try create(old.next, call)
    }

    /// The pointer moves first: whatever fails after it, nobody takes the old attempt for the one that
    /// counts. A new attempt is made only when the old one is gone, so at most that one can be left behind.
    private func retire(_ old: ExperimentKey, for new: ExperimentKey, _ call: Call) throws(HostError) {
        try experiments.set(Mark.attempt, String(new.attempt), first, call)
        call.loss(
            LossReport(
                .noted, .units, "experiment.archived", path: unit.label,
                note: "experiment \(first.text) is replaced and stays in Comet's archive"))
        try experiments.retire(first, call)
        if old != first { try experiments.retire(old, call) }
    }

    private func create(_ wanted: ExperimentKey, _ call: Call) throws(HostError) -> OpenExperiment {
        var key = wanted
        while true {
            let subject = "experiment \(key.text)"
            switch try server.ask(server.client("logger/add/run", handshake(key)), call) {
            case .success(let answer):
                try experiments.set(Mark.state, Mark.incomplete, key, call)
                try experiments.set(Mark.begun, begun, key, call)
                return try opened(key, answer, PointsMark(), skipping: 0)
            case .failure(let failure):
                guard failure.refusal.exists else { throw failure.refusal.error(subject) }
                guard let there = try experiments.others(key, call) else {
                    // The key of a deleted experiment is refused for ever.
                    guard key != first else { throw deletedFirst }
                    try retire(key, for: key.next, call)
                    key = key.next
                    continue
                }
                // An earlier try arrived and its answer was lost, or a load ended before its first record.
                guard there.state.isEmpty || there.state == Mark.incomplete, there.points == PointsMark()
                else {
                    throw HostError(
                        .conflict, "The experiment is being written by another load.", subject: subject,
                        remedy: "Run again when the other one has ended.", retry: .later)
                }
                return try takeUp(key, PointsMark(), skipping: 0, call)
            }
        }
    }

    /// Without the unit's first experiment no later one would be found again.
    private var deletedFirst: HostError {
        HostError(
            .conflict, "The run's experiment was deleted, and Comet does not take its key again.",
            subject: "experiment \(first.text)",
            remedy: "Restore it in Comet, or load into another project.")
    }

    /// `offline` is what `comet upload` says: the data is of the past, and the rate limits of live
    /// runs do not hold.
    private func handshake(_ key: ExperimentKey) -> [UInt8] {
        server.clientBody {
            $0.field("experimentKey", key.text)
            $0.field("offline", true)
            $0.field("projectName", project)
            $0.key("teamName")
            if let workspace = server.settings.workspace { $0.value(workspace) } else { $0.null() }
            $0.field("libVersion", Server.libraryVersion)
            $0.field("local_timestamp", Clock.milliseconds)
            $0.field("getOrCreateEnabled", false)
        }
    }

    private func opened(
        _ key: ExperimentKey, _ answer: JSON, _ points: PointsMark, skipping known: Int64
    ) throws(HostError) -> OpenExperiment {
        guard let session = answer["runId"]?.text else {
            throw HostError(
                .invalidData, "Comet's answer names no session.", subject: "experiment \(key.text)",
                remedy: "Check the option url.")
        }
        return OpenExperiment(
            key: key, session: session, project: answer["project_id"]?.text ?? "",
            url: answer["focusUrl"]?.text.map { $0 + key.text } ?? "",
            takesParts: answer["s3DirectAccessEnabled"]?.bool ?? false, points: points,
            pointsToSkip: known)
    }
}
