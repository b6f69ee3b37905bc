// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import HostRecords

/// How rows of the ledger become values.
extension Ledger {
    static let selectUnit = """
        SELECT unit.*, failure.status AS error_status, failure.retry, failure.http_status, failure.subject,
          failure.message, failure.remedy, failure.detail
        FROM unit LEFT JOIN failure ON failure.unit = unit.number
        """

    static func storedUnit(_ row: Row) throws -> StoredUnit {
        let key = UnitKey(
            kind: row.requiredText("kind"), project: row.requiredText("project"), id: row.requiredText("id"))
        let record = UnitRecord(
            key: key, name: row.text("name"), group: row.text("experiment"), state: row.text("status"),
            owner: row.text("owner"), parent: row.text("parent"), forkParent: row.text("fork_parent"),
            forkStep: row["fork_step"], forkMillionths: row["fork_millionths"], created: row["created_ms"],
            started: row["started_ms"], ended: row["ended_ms"], archived: row["archived"],
            revision: row.requiredText("revision"), rows: row["row_estimate"])
        return StoredUnit(
            number: row["number"], record: record, state: try state(row),
            storedRevision: row.text("work_revision"),
            targetID: row.text("target_id"), targetURL: row.text("target_url"), attempts: row["attempts"],
            seconds: row["seconds"], reason: row.text("reason"), failure: failure(row))
    }

    static func state(_ row: Row) throws -> UnitState {
        let word = row.requiredText("state")
        guard let state = UnitState(rawValue: word) else {
            throw HostError(
                .invalidData, "the ledger has a unit in the unknown state \"\(word)\".", retry: .stop)
        }
        return state
    }

    static func lossEntry(_ row: Row) throws -> LossEntry {
        let kindValue: Int32 = row["kind"]
        let tableName = row.requiredText("records")
        guard let kind = LossKind(rawValue: kindValue), let table = Table(rawValue: tableName) else {
            throw HostError(
                .invalidData, "the ledger has a loss of unknown kind \(kindValue) or table \"\(tableName)\".",
                retry: .stop)
        }
        return LossEntry(
            kind, table, code: row.requiredText("code"), rows: row["row_count"],
            examples: try LedgerJSON.decode([String].self, row.requiredText("examples_json")),
            note: row.requiredText("note"))
    }

    private static func failure(_ row: Row) -> HostError? {
        guard let status: Int32 = row["error_status"] else { return nil }
        return HostError(
            Status(rawValue: status), row.requiredText("message"), subject: row.requiredText("subject"),
            remedy: row.requiredText("remedy"), detail: row.requiredText("detail"),
            retry: Retry(rawValue: row["retry"]) ?? .byStatus, httpStatus: row["http_status"])
    }
}
