// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Where the records of one experiment go: to a server, or into an archive for `comet upload`.
///
/// `holding` is the batch that a record belongs to: it is not durable before the record is.
protocol ExperimentWriter: AnyObject {
    /// The experiment's key: ids of assets are made of it.
    var identity: String { get }

    /// Points that come first and are there already.
    var pointsToSkip: Int64 { get }

    func add(parameter name: String, _ value: Fragment, isList: Bool, holding: UInt64, _ call: Call)
        throws(HostError)
    func add(other name: String, _ value: Fragment, holding: UInt64, _ call: Call) throws(HostError)
    func add(tags: [String], holding: UInt64, _ call: Call) throws(HostError)
    func add(details: [(name: String, value: String)], holding: UInt64, _ call: Call) throws(HostError)

    /// What each point of one name begins with.
    func head(_ name: String) -> [UInt8]
    func add(
        point head: [UInt8], value: Double, milliseconds: Int64, step: Int64?, holding: UInt64, _ call: Call
    ) throws(HostError)

    func add(_ asset: Asset, _ body: AssetBody, holding: UInt64, _ call: Call) throws(HostError)

    /// Assets that Comet refused since the experiment is full; they are told once.
    func takeRefused() -> [Asset]

    /// Before files, which take long: what was sent till here shall not have to be sent again. `last`: the
    /// batch before.
    func settlePoints(upTo last: UInt64, _ call: Call) throws(HostError)

    /// The highest batch such that it and all before are safe; `last` is the newest one.
    func durable(_ last: UInt64) -> UInt64

    /// Makes all safe.
    func drain(_ last: UInt64, _ call: Call) throws(HostError)

    /// Checks what is there, sets state and times, takes the incomplete mark away.
    func finish(_ expected: Expected, _ summary: CommitSummary, _ call: Call) throws(HostError) -> Target
}
