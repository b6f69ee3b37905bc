// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Progress for programs: one JSON object a line. Every event has `v`, `ts` (UTC), `job` and `type`.
///
/// Keys are only ever added; `v` grows when one changes its sense. `now` is milliseconds since 1970 UTC.
package struct JSONProgress: Sendable {
    package static let version: Int64 = 1

    private let job: String
    private let interval: Double
    private var toldAt: Double?
    private var phase: String?
    private var waiting: WaitingLine?

    package init(job: String, interval: Double = ProgressInterval.standard) {
        self.job = job
        self.interval = interval
    }

    package func start(from: String, to: String, now: Int64) -> String {
        var event = event("start", now)
        event.add("from", .text(from))
        event.add("to", .text(to))
        return event.text
    }

    /// A unit that ended; `state` is the ledger's word, `note` says why when it was left out.
    package func unit(
        kind: String, project: String, id: String, state: String, target: String? = nil, url: String? = nil,
        seconds: Double? = nil, note: String = "", now: Int64
    ) -> String {
        var event = event("unit", now)
        event.add("kind", .text(kind))
        event.add("project", .text(project))
        event.add("id", .text(id))
        event.add("state", .text(state))
        event.add("target", target.map { .text($0) } ?? .null)
        event.add("url", url.map { .text($0) } ?? .null)
        event.add("seconds", seconds.map { .number($0) } ?? .null)
        if !note.isEmpty { event.add("note", .text(note)) }
        return event.text
    }

    /// The events that a snapshot makes: `progress` at each interval and phase, `waiting` when a wait begins.
    package mutating func events(_ snapshot: RunSnapshot, now: Int64, isLast: Bool = false) -> [String] {
        var lines: [String] = []
        if let wait = snapshot.waiting, wait.reason != waiting?.reason {
            var event = event("waiting", now)
            event.add("reason", .text(wait.reason))
            event.add("seconds", .number(max(0, wait.until - snapshot.elapsed)))
            lines.append(event.text)
        }
        waiting = snapshot.waiting
        let isDue = toldAt.map { snapshot.elapsed - $0 >= interval } ?? true
        if isLast || isDue || snapshot.phase != phase {
            toldAt = snapshot.elapsed
            phase = snapshot.phase
            lines.append(progress(snapshot, now))
        }
        return lines
    }

    package func loss(
        _ code: String, kind: String, table: String, rows: Int64, example: String, note: String, now: Int64
    ) -> String {
        var event = event("loss", now)
        event.add("code", .text(code))
        event.add("kind", .text(kind))
        event.add("table", .text(table))
        event.add("rows", .integer(rows))
        event.add("example", .text(example))
        event.add("note", .text(note))
        return event.text
    }

    /// - Parameter unit: empty when the error is the job's.
    package func error(_ error: HostError, unit: String = "", now: Int64) -> String {
        var event = event("error", now)
        event.add("unit", unit.isEmpty ? .null : .text(unit))
        event.add("status", .text(error.status.label))
        event.add("subject", .text(error.subject))
        event.add("message", .text(error.message))
        event.add("remedy", .text(error.remedy))
        if error.httpStatus != 0 { event.add("http_status", .integer(Int64(error.httpStatus))) }
        return event.text
    }

    package func summary(_ summary: RunSummary, now: Int64) -> String {
        var event = event("summary", now)
        event.add(Self.members(of: summary))
        return event.text
    }

    /// The last line. It repeats the summary, so that a script needs no other line.
    package func exit(_ summary: RunSummary, code: Int32, reason: String, now: Int64) -> String {
        var event = event("exit", now)
        event.add(Self.members(of: summary))
        event.add("exit_code", .integer(Int64(code)))
        event.add("reason", .text(reason))
        return event.text
    }

    private func progress(_ snapshot: RunSnapshot, _ now: Int64) -> String {
        var units = JSONLine([("done", .integer(Int64(snapshot.unitsDone)))])
        units.add("total", snapshot.unitsTotal.map { .integer(Int64($0)) } ?? .null)
        units.add("failed", .integer(Int64(snapshot.failed)))
        var event = event("progress", now)
        event.add("phase", .text(snapshot.phase))
        event.add("units", .object(units))
        event.add("records", .object(Self.records(snapshot.tables.map { ($0.table, $0.read, $0.written) })))
        event.add("file_bytes", .integer(snapshot.fileBytes))
        event.add("retries", .integer(Int64(snapshot.retries)))
        event.add("losses", .object(Self.losses(snapshot.losses.map { ($0.code, $0.rows) })))
        event.add("seconds", .number(snapshot.elapsed))
        return event.text
    }

    private func event(_ type: String, _ now: Int64) -> JSONLine {
        JSONLine([
            ("v", .integer(Self.version)), ("ts", .text(TimeText.utc(milliseconds: now))),
            ("job", .text(job)),
            ("type", .text(type)),
        ])
    }

    private static func members(of summary: RunSummary) -> JSONLine {
        JSONLine([
            (
                "units",
                .object(
                    JSONLine([
                        ("seen", .integer(Int64(summary.seen))),
                        ("complete", .integer(Int64(summary.complete))),
                        ("skipped", .integer(Int64(summary.skipped))),
                        ("failed", .integer(Int64(summary.failed))),
                    ]))
            ),
            ("records", .object(records(summary.tables.map { ($0.table, $0.read, $0.written) }))),
            ("losses", .object(losses(summary.losses.map { ($0.code, $0.rows) }))),
            ("seconds", .number(summary.seconds)),
        ])
    }

    private static func records(_ tables: [(String, Int64, Int64)]) -> JSONLine {
        JSONLine(
            tables.map { table, read, written in
                (table, .object(JSONLine([("read", .integer(read)), ("written", .integer(written))])))
            })
    }

    /// One code may come for several tables; its rows are added up.
    private static func losses(_ losses: [(code: String, rows: Int64)]) -> JSONLine {
        let sums = Dictionary(losses.map { ($0.code, $0.rows) }) { $0 + $1 }
        return JSONLine(sums.keys.sorted().map { ($0, .integer(sums[$0] ?? 0)) })
    }
}
