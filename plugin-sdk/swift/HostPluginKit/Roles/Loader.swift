// SPDX-License-Identifier: Apache-2.0

/// The role that writes. One instance is one open endpoint.
///
/// Thread rule: as for `Exporter`.
public protocol Loader: AnyObject {
    init(_ options: Options, _ call: Call) throws(HostError)

    /// One cheap call that proves that target and credentials are good.
    func check(_ call: Call) throws(HostError)

    /// The descriptor's limits, refined by what the server is.
    func limits(_ call: Call) throws(HostError) -> Limits

    /// What the target holds under this unit's key or name. Never writes.
    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found

    /// Makes or takes up the unit. Up to `resumeAfter` the ledger has it durable; 0: all comes again.
    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad

    /// Makes the call that runs return soon. Any thread.
    func cancel()
}

extension Loader {
    public func cancel() {}
}

/// A unit being written. Belongs to its loader and follows its thread rule; when it is released without a commit,
/// what was written stays in the target, marked incomplete.
public protocol UnitLoad: AnyObject {
    /// Takes one batch. The answer is the highest sequence number such that it and all before survive a crash of
    /// this process and of the target.
    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64

    /// All that was written is durable, or an error.
    func flush(_ call: Call) throws(HostError) -> UInt64

    /// Checks what it can against the target and takes the incomplete mark away. May be called again.
    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target
}
