// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The requests of one instance that are in flight: the host answers "any of this instance", and here each
/// answer finds the lane that waits for it.
///
/// Thread rule: that of the loader's instance.
final class Flight {
    private struct Seat {
        weak var lane: Lane?
    }
    private var seats: [UInt64: Seat] = [:]

    func launch(_ request: HTTPRequest, for lane: Lane, _ call: Call) throws(HostError) -> UInt64 {
        let ticket = try call.submit(request)
        seats[ticket] = Seat(lane: lane)
        return ticket
    }

    /// Waits for one answer, whoever it belongs to.
    func wait(_ call: Call) throws(HostError) {
        guard let (ticket, result) = try call.anyAnswer() else {
            throw HostError(.internal, "Requests are awaited, but the HTTP service has none in flight.")
        }
        seats.removeValue(forKey: ticket)?.lane?.landed(ticket, result)
    }

    /// Forgets the requests of lanes that are gone: loads that ended in an error.
    func clear(_ call: Call) {
        for (ticket, seat) in seats where seat.lane == nil {
            call.forget(ticket)
            seats[ticket] = nil
        }
    }
}
