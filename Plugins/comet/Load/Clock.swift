// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// The machine's time, and waiting that can be broken off.
enum Clock {
    /// Since 1970.
    static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    static func wait(milliseconds: Int64, _ call: Call) throws(HostError) {
        var rest = milliseconds
        while rest > 0 {
            guard !call.isCancelled else { throw HostError(.cancelled, "Stopped while waiting for Comet.") }
            usleep(useconds_t(min(rest, 200) * 1000))
            rest -= 200
        }
    }
}
