// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Ends its own process as `kill -9` would, at a call that the case names.
///
/// Thread rule: `before` and `after` belong to the thread that calls; a timer of its own strikes inside a call.
final class Killer: @unchecked Sendable {
    /// Which of the counted calls, from 1; 0: none.
    private let target: Int
    /// Microseconds into the call; nil: after it.
    private let delay: UInt32?
    private(set) var count = 0

    init(_ parameters: [String: String]) {
        target = parameters["kill"].flatMap { Int($0) } ?? 0
        delay = parameters["delay"].flatMap { UInt32($0) }
    }

    /// Calls that change a target.
    static let counted: Set<String> = ["loader.begin", "loader.write", "loader.flush", "loader.commit"]

    func before(_ name: String) {
        guard Self.counted.contains(name) else { return }
        count += 1
        guard count == target, let delay else { return }
        let thread = Thread {
            usleep(delay)
            Self.strike()
        }
        thread.start()
    }

    func after(_ name: String) {
        // Inside the call it was too quick for the timer, which strikes between this call and the next, or later.
        guard Self.counted.contains(name), count == target, delay == nil else { return }
        Self.strike()
    }

    private static func strike() { kill(getpid(), SIGKILL) }
}
