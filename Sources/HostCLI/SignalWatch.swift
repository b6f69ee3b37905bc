// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI

/// The first SIGINT or SIGTERM asks to stop; a second one ends the process at once.
final class SignalWatch: @unchecked Sendable {
    private var sources: [any DispatchSourceSignal] = []
    private let lock = NSLock()
    private var first: Int32?

    /// - Parameter onFirst: called on a thread of its own.
    init(
        _ cancel: CancelFlag,
        onFirst: @escaping @Sendable () -> Void = { Console.error("host: stopping (once more: at once)") }
    ) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                let isSecond = lock.withLock {
                    defer { first = first ?? number }
                    return first != nil
                }
                if isSecond { _exit(128 + number) }
                cancel.set()
                onFirst()
            }
            source.resume()
            sources.append(source)
        }
    }

    var received: Int32? { lock.withLock { first } }
}
