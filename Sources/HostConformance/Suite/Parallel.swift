// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The same work on several threads at once.
enum Parallel {
    private final class Results<Value>: @unchecked Sendable {
        let lock = NSLock()
        var values: [Int: Result<Value, any Error>] = [:]
    }

    static func run<Value>(_ count: Int, _ work: @escaping (Int) throws -> Value) throws -> [Value] {
        let results = Results<Value>()
        let done = DispatchGroup()
        nonisolated(unsafe) let body = work
        for index in 0..<count {
            done.enter()
            let thread = Thread {
                let result = Result { try body(index) }
                results.lock.withLock { results.values[index] = result }
                done.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        done.wait()
        return try (0..<count).compactMap { try results.values[$0]?.get() }
    }
}
