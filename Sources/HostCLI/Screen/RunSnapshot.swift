// SPDX-License-Identifier: Apache-2.0

/// What is to be shown of a running job at one moment. Times are seconds since the run began.
package struct RunSnapshot: Sendable, Equatable {
    package var job: String
    package var from: String
    package var to: String
    /// Listing, moving, verifying: a new word makes a line in a log.
    package var phase: String
    package var unitsDone: Int
    /// nil while the listing goes on.
    package var unitsTotal: Int?
    package var failed: Int
    package var elapsed: Double
    /// In the order of reports.
    package var tables: [TableLine]
    package var fileBytes: Int64
    package var retries: Int
    package var losses: [LossLine]
    package var waiting: WaitingLine?
    package var workers: [WorkerLine]

    package init(
        job: String, from: String, to: String, phase: String = "moving", unitsDone: Int = 0,
        unitsTotal: Int? = nil,
        failed: Int = 0, elapsed: Double = 0, tables: [TableLine] = [], fileBytes: Int64 = 0,
        retries: Int = 0,
        losses: [LossLine] = [], waiting: WaitingLine? = nil, workers: [WorkerLine] = []
    ) {
        self.job = job
        self.from = from
        self.to = to
        self.phase = phase
        self.unitsDone = unitsDone
        self.unitsTotal = unitsTotal
        self.failed = failed
        self.elapsed = elapsed
        self.tables = tables
        self.fileBytes = fileBytes
        self.retries = retries
        self.losses = losses
        self.waiting = waiting
        self.workers = workers
    }

    package var rowsRead: Int64 { tables.reduce(0) { $0 + $1.read } }
    package var rowsWritten: Int64 { tables.reduce(0) { $0 + $1.written } }
}

package struct TableLine: Sendable, Equatable {
    /// `points`, without the revision.
    package var table: String
    package var read: Int64
    package var written: Int64

    package init(_ table: String, read: Int64, written: Int64) {
        self.table = table
        self.read = read
        self.written = written
    }
}

package struct LossLine: Sendable, Equatable {
    package var code: String
    package var rows: Int64

    package init(_ code: String, rows: Int64) {
        self.code = code
        self.rows = rows
    }
}

/// The whole job waits, for a rate limit as a rule.
package struct WaitingLine: Sendable, Equatable {
    package var reason: String
    /// On the clock of `RunSnapshot.elapsed`.
    package var until: Double

    package init(_ reason: String, until: Double) {
        self.reason = reason
        self.until = until
    }
}

package struct WorkerLine: Sendable, Equatable {
    package var number: Int
    /// Empty when the worker has none.
    package var unit: String
    package var phase: String
    package var done: Int64?
    package var of: Int64?
    /// What the phase is about: a file's name, what is waited for.
    package var note: String

    package init(
        number: Int, unit: String = "", phase: String = "", done: Int64? = nil, of: Int64? = nil,
        note: String = ""
    ) {
        self.number = number
        self.unit = unit
        self.phase = phase
        self.done = done
        self.of = of
        self.note = note
    }
}
