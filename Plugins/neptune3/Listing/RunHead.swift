// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A run as its system attributes describe it.
struct RunHead {
    /// What is asked for of each run in a listing.
    static let attributes = [
        "sys/id", "sys/custom_run_id", "sys/name", "sys/experiment/name", "sys/owner", "sys/creation_time",
        "sys/modification_time", "sys/ping_time", "sys/size", "sys/failed", "sys/archived", "sys/trashed",
        "sys/forking/parent", "sys/forking/step",
    ]

    /// `KEY-123`: what the server sorts and finds runs by.
    let systemID: String
    private var values: [String: FieldValue] = [:]

    init(_ attributes: [Attribute]) throws(HostError) {
        for attribute in attributes {
            if case .field(let value) = attribute.value { values[attribute.name] = value }
        }
        guard case .text(let id)? = values["sys/id"], !id.isEmpty else {
            throw HostError(
                .invalidData, "The server lists a run without its id.", subject: "sys/id", retry: .later)
        }
        systemID = id
    }

    /// The id that users know. Runs that were made without one have the server's.
    var id: String { text("sys/custom_run_id") ?? systemID }
    var name: String? { text("sys/custom_run_id") }
    var group: String? { text("sys/name") ?? text("sys/experiment/name") }
    var owner: String? { text("sys/owner") }
    var forkParent: String? { text("sys/forking/parent") }
    var isArchived: Bool { truth("sys/archived") || truth("sys/trashed") }
    var state: String { truth("sys/failed") ? "failed" : "finished" }
    var created: Int64? { time("sys/creation_time") }
    var modified: Int64? { time("sys/modification_time") }

    var forkStep: Step? {
        guard case .float(let number)? = values["sys/forking/step"] else { return nil }
        return WireStep(number)?.step
    }

    /// Changes with whatever is written to the run: the server notes the time of it, and the size.
    func revision(_ selectionMark: String) -> String {
        var parts = ["sys/modification_time", "sys/ping_time"].map { String(time($0) ?? 0) }
        if case .int(let size)? = values["sys/size"] { parts.append(String(size)) } else { parts.append("") }
        parts.append("\(truth("sys/archived") ? "a" : "")\(truth("sys/trashed") ? "t" : "")")
        let details = ["sys/name", "sys/experiment/name", "sys/owner"].map { text($0) ?? "" }
        parts.append(StableHash.mark(details.joined(separator: "\n")))
        if !selectionMark.isEmpty { parts.append(selectionMark) }
        return parts.joined(separator: ".")
    }

    private func text(_ name: String) -> String? {
        guard case .text(let text)? = values[name], !text.isEmpty else { return nil }
        return text
    }

    private func truth(_ name: String) -> Bool {
        if case .bool(true)? = values[name] { return true }
        return false
    }

    /// Microseconds.
    private func time(_ name: String) -> Int64? {
        guard case .time(let time)? = values[name] else { return nil }
        return time
    }
}

extension RunHead {
    /// units/1.
    static func batch(_ runs: [RunHead], project: String, selectionMark: String) throws(HostError)
        -> RecordBatch
    {
        let steps = runs.map(\.forkStep)
        return try RecordBatch(
            .units,
            [
                ("kind", .text(runs.map { _ in "run" })), ("project", .text(runs.map { _ in project })),
                ("id", .text(runs.map(\.id))), ("name", .text(runs.map(\.name))),
                ("group", .text(runs.map(\.group))), ("state", .text(runs.map(\.state))),
                ("owner", .text(runs.map(\.owner))), ("fork_parent", .text(runs.map(\.forkParent))),
                ("fork_step", .int64(steps.map { $0?.whole })),
                (
                    "fork_millionths",
                    .int32(steps.map { $0.flatMap { $0.millionths == 0 ? nil : $0.millionths } })
                ),
                ("created", .time(runs.map(\.created))), ("started", .time(runs.map(\.created))),
                ("ended", .time(runs.map(\.modified))), ("archived", .bool(runs.map(\.isArchived))),
                ("revision", .text(runs.map { $0.revision(selectionMark) })),
            ])
    }
}
