// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A bounded number of requests in flight, so that the server always has the next one at hand while memory
/// stays small. The first failure stays: nothing is launched after it.
final class Lane {
    /// Bytes of bodies in flight; one larger body may go alone.
    private static let maxBytes = 16 << 20

    typealias Judge = (HTTPAnswer) throws(HostError) -> Void

    private struct Cargo {
        let holding: UInt64
        let size: Int
        let judge: Judge
    }

    private let flight: Flight
    private let limit: Int
    private var cargo: [UInt64: Cargo] = [:]
    private var size = 0
    private var failure: HostError?

    init(_ flight: Flight, limit: Int) {
        self.flight = flight
        self.limit = limit
    }

    /// The lowest batch of which rows are in flight.
    var lowestHeld: UInt64? { cargo.values.lazy.map(\.holding).min() }

    /// Waits until there is room, then starts the request. `holding`: the lowest batch that it has rows of.
    func launch(
        _ request: HTTPRequest, holding: UInt64 = .max, _ call: Call, judge: @escaping Judge
    ) throws(HostError) {
        let bytes = request.body.count
        while failure == nil, cargo.count >= limit || size > 0 && size + bytes > Self.maxBytes {
            try wait(call)
        }
        try check()
        let ticket = try flight.launch(request, for: self, call)
        cargo[ticket] = Cargo(holding: holding, size: bytes, judge: judge)
        size += bytes
    }

    /// Waits for all, then tells the first failure.
    func drain(_ call: Call) throws(HostError) {
        while !cargo.isEmpty { try wait(call) }
        try check()
    }

    func check() throws(HostError) {
        if let failure { throw failure }
    }

    func landed(_ ticket: UInt64, _ result: Result<HTTPAnswer, HostError>) {
        guard let landed = cargo.removeValue(forKey: ticket) else { return }
        size -= landed.size
        do throws(HostError) {
            try landed.judge(try result.get())
        } catch {
            if failure == nil { failure = error }
        }
    }

    private func wait(_ call: Call) throws(HostError) {
        guard !call.isCancelled else { throw HostError(.cancelled, "Stopped while requests were in flight.") }
        try flight.wait(call)
    }
}
