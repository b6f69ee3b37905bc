// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension ServerWriter {
    /// Nothing here harms when it is done again, so a commit may be called again after an error.
    func finish(_ expected: Expected, _ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        let verification = Verification(
            server: server, key: open.key, expected: expected, assets: stored,
            points: summary.rows[.points] ?? 0, isContinued: open.points.points > 0)
        try verification.check(traffic, lane, call)
        let rows = [Table.fields, .points, .series, .histograms, .files].map {
            "\($0.label) \(summary.rows[$0] ?? 0)"
        }
        try add(other: "host.rows", .text(rows.joined(separator: ", ")), holding: .max, call)
        try add(other: "host.checksum", .text(summary.checksum), holding: .max, call)
        if !unit.revision.isEmpty { try add(other: Mark.revision, .text(unit.revision), holding: .max, call) }
        try traffic.drain(lane, call)
        try finishState(expected, call)
        try experiments.set(Mark.state, Mark.complete, open.key, call)
        return Target(id: open.key.text, url: open.url)
    }

    private func finishState(_ expected: Expected, _ call: Call) throws(HostError) {
        let subject = "experiment \(open.key.text)"
        if unit.state != "running" { try setAlive(false, call) }
        if unit.state == "failed" || unit.state == "killed" {
            var body = JSONWriter()
            body.beginObject()
            body.field("experimentKey", open.key.text)
            body.field("isAlive", false)
            body.key("error")
            body.null()
            body.field("hasCrashed", true)
            body.endObject()
            try server.fetch(server.post("experiment/update-status", body), subject, call)
        }
        try setTimes(expected, call)
        let query = [("experimentKey", open.key.text)]
        if unit.isArchived {
            try server.fetch(server.get("write/experiment/archive", query), subject, call)
        }
        let metadata = try server.fetch(server.get("experiment/metadata", query), subject, call)
        if metadata["throttle"]?.bool == true {
            var body = JSONWriter()
            body.beginObject()
            body.endObject()
            try server.fetch(
                server.post("experiment/\(open.key.text)/mark-not-throttled", body), subject, call)
        }
    }

    /// After the alive mark, which moves the end.
    private func setTimes(_ expected: Expected, _ call: Call) throws(HostError) {
        let start = unit.started ?? unit.created
        let end = unit.state == "running" ? nil : unit.ended ?? expected.latest ?? start
        guard start != nil || end != nil else { return }
        var body = JSONWriter()
        body.beginObject()
        body.field("experimentKey", open.key.text)
        for (name, time) in [("startTimeMillis", start), ("endTimeMillis", end)] {
            body.key(name)
            if let time { body.value(time) } else { body.null() }
        }
        body.endObject()
        try server.fetch(
            server.post("experiment/set-start-end-time", body), "experiment \(open.key.text)", call)
    }
}
