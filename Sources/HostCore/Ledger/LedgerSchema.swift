// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import HostRecords

/// The ledger's tables. They are made for `sqlite3` and a curious engineer as much as for the host.
enum LedgerSchema {
    /// `application_id` of the file, so that no other SQLite file is taken for a ledger: "HLDG".
    static let applicationID: Int64 = 0x484C_4447
    static let version: Int64 = 1

    static let statements = """
        CREATE TABLE job (
          name TEXT NOT NULL PRIMARY KEY,
          value TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE unit (
          number INTEGER PRIMARY KEY,
          kind TEXT NOT NULL, project TEXT NOT NULL, id TEXT NOT NULL,
          name TEXT, experiment TEXT, status TEXT, owner TEXT, parent TEXT,
          fork_parent TEXT, fork_step INTEGER, fork_millionths INTEGER,
          created_ms INTEGER, started_ms INTEGER, ended_ms INTEGER,
          archived INTEGER NOT NULL, revision TEXT NOT NULL, row_estimate INTEGER,
          state TEXT NOT NULL, work_revision TEXT,
          target_id TEXT, target_url TEXT,
          attempts INTEGER NOT NULL DEFAULT 0, seconds REAL, reason TEXT,
          UNIQUE (kind, project, id)
        );
        CREATE INDEX unit_by_state ON unit (state, number);

        CREATE TABLE progress (
          unit INTEGER PRIMARY KEY REFERENCES unit,
          sequence INTEGER NOT NULL,
          progress_json TEXT NOT NULL
        );

        CREATE TABLE row_count (
          unit INTEGER NOT NULL REFERENCES unit, records TEXT NOT NULL,
          read INTEGER NOT NULL, written INTEGER NOT NULL, dropped INTEGER NOT NULL,
          checksum_first INTEGER NOT NULL, checksum_second INTEGER NOT NULL,
          PRIMARY KEY (unit, records),
          CHECK (read = written + dropped)
        ) WITHOUT ROWID;

        CREATE TABLE loss (
          unit INTEGER NOT NULL REFERENCES unit, position INTEGER NOT NULL,
          kind INTEGER NOT NULL, records TEXT NOT NULL, code TEXT NOT NULL,
          row_count INTEGER NOT NULL, note TEXT NOT NULL, examples_json TEXT NOT NULL,
          PRIMARY KEY (unit, position)
        ) WITHOUT ROWID;

        CREATE TABLE failure (
          unit INTEGER PRIMARY KEY REFERENCES unit,
          status INTEGER NOT NULL, retry INTEGER NOT NULL, http_status INTEGER NOT NULL,
          subject TEXT NOT NULL, message TEXT NOT NULL, remedy TEXT NOT NULL, detail TEXT NOT NULL
        );

        -- unit 0: for every unit of the project; else what differs in that unit.
        CREATE TABLE rename (
          project TEXT NOT NULL, scope INTEGER NOT NULL, unit INTEGER NOT NULL,
          source TEXT NOT NULL, target TEXT NOT NULL,
          PRIMARY KEY (project, scope, unit, source)
        ) WITHOUT ROWID;
        """

    /// Makes the tables in an empty file, or checks that the file is a ledger this program can read.
    static func prepare(_ database: Database, mayCreate: Bool) throws {
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let found = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let isEmpty = try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
        if isEmpty && found == 0 && mayCreate {
            try database.execute(sql: statements)
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(version)")
            return
        }
        guard application == applicationID else {
            throw HostError(
                .invalidData, "this file is not a ledger of host.",
                remedy: "Choose another folder with --job-dir.",
                retry: .stop)
        }
        guard found <= version else {
            throw HostError(
                .unsupported,
                "the ledger was written by a newer host: its schema is \(found), this one knows \(version).",
                remedy: "Use the newer host, or begin a new job with --job.", retry: .stop)
        }
        guard found == version else {
            throw HostError(.invalidData, "the ledger's schema \(found) is not known.", retry: .stop)
        }
    }
}
