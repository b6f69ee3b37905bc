// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Takes everything and keeps the number of rows alone.
final class NullLoader: Loader {
    static let limits = Limits(
        tables: Set(Table.records), abilities: .all,
        kinds: [
            "run", "experiment", "model", "model-version", "logged-model", "prompt", "trace", "dataset",
            "grants",
        ])

    init(_ options: Options, _ call: Call) throws(HostError) {}

    func check(_ call: Call) throws(HostError) {}

    func limits(_ call: Call) throws(HostError) -> Limits { Self.limits }

    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found { Found(.nothing) }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad {
        NullLoad(unit.ref.id, resumeAfter)
    }
}

private final class NullLoad: UnitLoad {
    private let id: String
    private var last: UInt64
    private var rows = 0
    private var isCommitted = false

    init(_ id: String, _ resumeAfter: UInt64) {
        self.id = id
        last = resumeAfter
    }

    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64 {
        guard !isCommitted else {
            throw HostError(.invalidState, "The unit is committed already.", subject: id)
        }
        rows += batch.count
        last = sequence
        return last
    }

    func flush(_ call: Call) throws(HostError) -> UInt64 { last }

    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        isCommitted = true
        call.log(.debug, "\(id): \(rows) rows")
        return Target(id: "null-\(id)")
    }
}
