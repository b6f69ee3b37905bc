// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The requests of one instance that are in flight, and for each what to do with its answer.
///
/// Thread rule: that of the loader's instance.
final class Traffic {
    typealias Judge = (HTTPAnswer) throws(HostError) -> Void

    private struct Request {
        let lane: Lane
        let holding: UInt64
        let bytes: Int
        let judge: Judge
    }

    private var requests: [UInt64: Request] = [:]

    /// Starts a request once its lane has room. `holding`: the lowest batch that it has rows of.
    func launch(
        _ request: HTTPRequest, on lane: Lane, holding: UInt64 = .max, _ call: Call, judge: @escaping Judge
    ) throws(HostError) {
        let bytes = request.body.count
        while lane.failure == nil, !lane.hasRoom(for: bytes) { try wait(call) }
        try lane.check()
        let ticket = try call.submit(request)
        requests[ticket] = Request(lane: lane, holding: holding, bytes: bytes, judge: judge)
        lane.enter(holding, bytes)
    }

    /// Waits until the lane is empty, then tells its first failure.
    func drain(_ lane: Lane, _ call: Call) throws(HostError) {
        while !lane.isEmpty { try wait(call) }
        try lane.check()
    }

    /// Forgets what a load that ended in an error left behind.
    func clear(_ call: Call) {
        for ticket in requests.keys { call.forget(ticket) }
        requests = [:]
    }

    private func wait(_ call: Call) throws(HostError) {
        guard !call.isCancelled else { throw HostError(.cancelled, "Stopped while requests were in flight.") }
        guard let (ticket, result) = try call.anyAnswer() else {
            throw HostError(.internal, "Requests are awaited, but the HTTP service has none in flight.")
        }
        guard let request = requests.removeValue(forKey: ticket) else { return }
        request.lane.leave(request.holding, request.bytes)
        do throws(HostError) {
            try request.judge(try result.get())
        } catch {
            request.lane.fail(error)
        }
    }
}

/// Requests that share a bound and a fate: nothing is launched after the first failure.
final class Lane {
    /// Bytes of bodies in flight; one larger body may go alone.
    private static let maxBytes = 32 << 20

    private let limit: Int
    private var held: [UInt64] = []
    private var bytes = 0
    private(set) var failure: HostError?

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { held.isEmpty }
    /// The lowest batch of which rows are in flight.
    var lowestHeld: UInt64? { held.min() }

    func hasRoom(for more: Int) -> Bool {
        held.isEmpty || held.count < limit && bytes + more <= Self.maxBytes
    }

    func check() throws(HostError) {
        if let failure { throw failure }
    }

    func fail(_ error: HostError) {
        if failure == nil { failure = error }
    }

    fileprivate func enter(_ holding: UInt64, _ size: Int) {
        held.append(holding)
        bytes += size
    }

    fileprivate func leave(_ holding: UInt64, _ size: Int) {
        if let index = held.firstIndex(of: holding) { held.remove(at: index) }
        bytes -= size
    }
}
