// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostHTTP
import HostRecords
import Synchronization

/// Settings whose pauses are short enough for tests and long enough to be seen.
func quickSettings(_ change: (inout HTTPSettings) -> Void = { _ in }) -> HTTPSettings {
    var settings = HTTPSettings()
    settings.retry.firstPause = .milliseconds(5)
    settings.retry.longestPause = .milliseconds(20)
    settings.retry.budget = .seconds(20)
    // An environment with a proxy must not take the loopback tests elsewhere.
    settings.proxy = ""
    change(&settings)
    return settings
}

func makeQueue(_ change: (inout HTTPSettings) -> Void = { _ in }) throws -> HTTPQueue {
    try HTTPService(quickSettings(change)).makeQueue()
}

/// The error of a request that must fail.
func failure(of body: () throws(HostError) -> HTTPAnswer) -> HostError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// Values that threads leave behind for the test to look at.
final class Collected<Element: Sendable>: Sendable {
    private let items = Mutex<[Element]>([])

    var all: [Element] { items.withLock { $0 } }

    func append(_ element: Element) { items.withLock { $0.append(element) } }
}

/// A folder that is gone after the test.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/host-http-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
