// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

// Units, errors and losses as they cross between host and worker.

extension WireWriter {
    mutating func put(_ ref: UnitRef) {
        put(ref.kind)
        put(ref.project)
        put(ref.id)
    }

    mutating func put(_ unit: UnitInfo) {
        put(unit.ref)
        for text in [unit.name, unit.group, unit.state, unit.owner, unit.parent, unit.forkParent, unit.parentTarget] {
            put(text)
        }
        put(unit.forkStep) {
            $0.put($1.whole)
            $0.put($1.millionths)
        }
        for time in [unit.created, unit.started, unit.ended] { put(time) }
        put(unit.isArchived)
        for text in [unit.revision, unit.key, unit.job, unit.source] { put(text) }
    }

    mutating func put(_ found: Found) {
        put(found.state.rawValue)
        for text in [found.target, found.url, found.revision, found.note] { put(text) }
    }

    mutating func put(_ summary: CommitSummary) {
        put(summary.rows.map { ($0.key.rawValue, $0.value) }) {
            $0.put($1.0)
            $0.put($1.1)
        }
        put(summary.checksum)
    }

    mutating func put(_ loss: LossReport) {
        put(loss.kind.rawValue)
        put(loss.table.rawValue)
        put(loss.code)
        put(loss.rows)
        put(loss.path)
        put(loss.note)
    }

    mutating func put(_ error: HostError) {
        put(error.status.rawValue)
        put(error.retry.rawValue)
        for text in [error.subject, error.message, error.remedy, error.detail] { put(text) }
        put(error.httpStatus)
        put(error.retryAfterMilliseconds)
    }
}

extension WireReader {
    mutating func unitRef() throws(HostError) -> UnitRef {
        UnitRef(kind: try text(), project: try text(), id: try text())
    }

    mutating func unitInfo() throws(HostError) -> UnitInfo {
        var unit = UnitInfo(ref: try unitRef())
        unit.name = try optionalText()
        unit.group = try optionalText()
        unit.state = try optionalText()
        unit.owner = try optionalText()
        unit.parent = try optionalText()
        unit.forkParent = try optionalText()
        unit.parentTarget = try optionalText()
        unit.forkStep = try optional { reader throws(HostError) in
            Step(try reader.number(), millionths: try reader.number())
        }
        unit.created = try optionalNumber()
        unit.started = try optionalNumber()
        unit.ended = try optionalNumber()
        unit.isArchived = try bool()
        unit.revision = try text()
        unit.key = try text()
        unit.job = try text()
        unit.source = try text()
        return unit
    }

    mutating func found() throws(HostError) -> Found {
        guard let state = Found.State(rawValue: try number()) else { throw Self.damaged }
        return Found(
            state, target: try text(), url: try text(), revision: try text(), note: try text())
    }

    mutating func summary() throws(HostError) -> CommitSummary {
        let rows = try list { reader throws(HostError) in (try reader.text(), try reader.number(Int64.self)) }
        var summary = CommitSummary(rows: [:], checksum: try text())
        for (name, count) in rows {
            guard let table = Table(rawValue: name) else { throw Self.damaged }
            summary.rows[table] = count
        }
        return summary
    }

    mutating func loss() throws(HostError) -> LossReport {
        guard let kind = LossKind(rawValue: try number()), let table = Table(rawValue: try text()) else {
            throw Self.damaged
        }
        return LossReport(
            kind, table, try text(), rows: try number(), path: try text(), note: try text())
    }

    mutating func error() throws(HostError) -> HostError {
        let status = Status(rawValue: try number())
        let retry = Retry(rawValue: try number()) ?? .byStatus
        var error = HostError(status, "", subject: try text(), retry: retry)
        error.message = try text()
        error.remedy = try text()
        error.detail = try text()
        error.httpStatus = try number()
        error.retryAfterMilliseconds = try number()
        return error
    }
}
