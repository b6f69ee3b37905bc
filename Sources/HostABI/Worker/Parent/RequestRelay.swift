// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// The requests of a worker, carried out by the host's HTTP service under the host's tickets.
///
/// Thread rule: the thread that drives the worker.
final class RequestRelay {
    /// An answer ready to be sent; `kept` is what its memory or descriptor belongs to.
    struct Answer {
        var head = WireWriter()
        var body = BodySegments()
        var descriptor: Int32?
        var kept: Any?
    }

    private let queue: (any HTTPRequests)?
    /// The host's ticket for each of the worker's, and back.
    private var outer: [UInt64: UInt64] = [:]
    private var inner: [UInt64: UInt64] = [:]
    /// Requests that failed before they were sent: told when they are waited for.
    private var stillborn: [(ticket: UInt64, error: HostError)] = []

    init(_ queue: (any HTTPRequests)?) { self.queue = queue }

    func submit(_ frame: inout Frame) throws(HostError) {
        let ticket: UInt64 = try frame.head.number()
        var request = try frame.head.request()
        let offset: Int64 = try frame.head.number()
        let length = try frame.head.optionalNumber()
        do throws(HostError) {
            guard let queue else { throw HostError(.unsupported, "This call has no network.") }
            if let descriptor = frame.descriptor {
                // Passed on: the source closes it.
                frame.descriptor = nil
                request.body = .source(try FileBodySource(fd: descriptor), offset: offset, length: length)
            } else if frame.body.count > 0 {
                request.body = .bytes(Array(frame.body.array.prefix(Int(clamping: length ?? 0))))
            }
            let mine = try queue.submit(request)
            outer[ticket] = mine
            inner[mine] = ticket
        } catch {
            stillborn.append((ticket, error))
        }
    }

    /// nil when nothing is in flight. The answer begins with the ticket, also that of a request that failed.
    func wait(for ticket: UInt64) throws(HostError) -> Answer? {
        var answer = Answer()
        if let index = stillborn.firstIndex(where: { ticket == 0 || $0.ticket == ticket }) {
            let (ticket, error) = stillborn.remove(at: index)
            answer.head.put(ticket)
            answer.head.put(false)
            answer.head.put(error)
            return answer
        }
        guard let queue else { return nil }
        let wanted: UInt64
        if ticket == 0 {
            wanted = 0
        } else if let known = outer[ticket] {
            wanted = known
        } else {
            throw HostError(.invalidState, "A request was waited for that is not in flight.")
        }
        guard let (mine, result) = try queue.wait(for: wanted) else { return nil }
        let told = inner.removeValue(forKey: mine) ?? 0
        outer[told] = nil
        answer.head.put(told)
        switch result {
        case .failure(let error):
            answer.head.put(false)
            answer.head.put(error)
        case .success(let response):
            answer.head.put(true)
            answer.head.put(Int64(response.status))
            answer.head.put(response.headers)
            answer.head.put(UInt32(clamping: response.tries))
            answer.head.put(UInt64(response.body.count))
            _ = answer.body.add(BodyMemory(copying: response.body))
        }
        return answer
    }

    func forget(_ ticket: UInt64) {
        guard let mine = outer.removeValue(forKey: ticket) else { return }
        inner[mine] = nil
        queue?.forget(mine)
    }

    func forgetAll() {
        for ticket in Array(outer.keys) { forget(ticket) }
        stillborn = []
    }
}
