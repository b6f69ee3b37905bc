// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What a run came to: the closing table and the last line of `--json` are made from it.
package struct RunSummary: Sendable {
    package struct TableResult: Sendable {
        package var table: String
        package var read: Int64
        package var written: Int64
        /// Rows of losses by kind; kinds that did not happen may be absent.
        package var losses: [LossKind: Int64]

        package init(_ table: String, read: Int64, written: Int64, losses: [LossKind: Int64] = [:]) {
            self.table = table
            self.read = read
            self.written = written
            self.losses = losses
        }
    }

    package struct Loss: Sendable {
        package var code: String
        package var table: String
        package var rows: Int64
        package var example: String
        package var note: String

        package init(_ code: String, table: String, rows: Int64, example: String = "", note: String = "") {
            self.code = code
            self.table = table
            self.rows = rows
            self.example = example
            self.note = note
        }
    }

    package struct Failure: Sendable {
        package var unit: String
        package var error: HostError

        package init(unit: String, error: HostError) {
            self.unit = unit
            self.error = error
        }
    }

    package var seen: Int
    package var complete: Int
    package var skipped: Int
    package var failed: Int
    package var tables: [TableResult]
    package var losses: [Loss]
    package var failures: [Failure]
    package var seconds: Double
    /// What ended the run before all units had ended.
    package var stop: HostError?
    /// What to do next, in whole sentences: `Run the same command again to go on.`
    package var advice: [String]

    package init(
        seen: Int, complete: Int, skipped: Int = 0, failed: Int = 0, tables: [TableResult] = [],
        losses: [Loss] = [],
        failures: [Failure] = [], seconds: Double = 0, stop: HostError? = nil, advice: [String] = []
    ) {
        self.seen = seen
        self.complete = complete
        self.skipped = skipped
        self.failed = failed
        self.tables = tables
        self.losses = losses
        self.failures = failures
        self.seconds = seconds
        self.stop = stop
        self.advice = advice
    }
}
