// SPDX-License-Identifier: Apache-2.0

import HostHTTP
import LoopbackServer
import Testing

@Suite(.serialized) struct ThroughputTests {
    /// A measurement; it fails only when requests wait for each other or for a clock.
    @Test(arguments: [1, 4])
    func keepsTheServerBusy(inFlight: Int) throws {
        let server = try LoopbackServer { _ in .text(200, "ok") }
        let queue = try makeQueue()
        let count = 4000
        let start = ContinuousClock.now
        for number in 0..<count {
            _ = try queue.submit(HTTPRequest("GET", server.url))
            if number >= inFlight - 1 { #expect(try queue.wait()?.result.get().status == 200) }
        }
        while try queue.wait() != nil {}
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("\(inFlight) in flight: \(Int(Double(count) / seconds)) requests/s")
        #expect(server.requests.count == count)
        #expect(Double(count) / seconds > 400)
    }
}
