// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import HostRecords

/// What a run has come to so far: workers write it, screens read it.
///
/// Thread rule: any thread.
package final class RunMonitor: @unchecked Sendable {
    package struct Worker: Sendable {
        package var unit = ""
        package var phase = ""
        package var done: Int64 = 0
        package var total: Int64?
        /// Rows of the unit that this attempt has read; `State.counts` holds them as well.
        package var read: [Table: Int64] = [:]
    }

    package struct Waiting: Sendable {
        package var reason: String
        package var until: Date
    }

    package struct State: Sendable {
        package var phase = "starting"
        package var unitsSeen = 0
        /// Known once the listing is through.
        package var unitsTotal: Int?
        package var complete = 0
        package var skipped = 0
        package var failed = 0
        package var counts: CountsByTable = [:]
        package var fileBytes: Int64 = 0
        package var retries = 0
        package var losses = LossTally()
        package var failures: [(unit: UnitKey, name: String?, error: HostError)] = []
        package var workers: [Worker] = []
        package var waiting: Waiting?
        /// Rows that source or target refused.
        package var rejected: Int64 = 0
    }

    package enum Event: Sendable {
        case phase(String)
        case unit(UnitKey, name: String?, outcome: String, targetURL: String)
        case waiting(String, seconds: Double)
        case failure(UnitKey, HostError)
    }

    private let lock = NSLock()
    private var state = State()
    /// Gets events as they happen; called on the thread that caused them.
    private let observer: (@Sendable (Event) -> Void)?

    package init(observer: (@Sendable (Event) -> Void)? = nil) { self.observer = observer }

    package var snapshot: State {
        lock.withLock {
            if let until = state.waiting?.until, until < Date() { state.waiting = nil }
            return state
        }
    }

    package func update(_ change: (inout State) -> Void) { lock.withLock { change(&state) } }

    package func worker(_ number: Int, _ change: (inout Worker) -> Void) {
        lock.withLock {
            while state.workers.count <= number { state.workers.append(Worker()) }
            change(&state.workers[number])
        }
    }

    /// Counts rows that a worker has read.
    package func read(_ count: Int64, of table: Table, by number: Int) {
        worker(number) { $0.read[table, default: 0] += count }
        update { $0.counts[table, default: TableCounts()].read += count }
    }

    /// Takes back what an attempt read: it is made again, or the unit's books tell it, earlier runs included.
    package func withdrawReads(of number: Int) {
        lock.withLock {
            guard state.workers.indices.contains(number) else { return }
            for (table, count) in state.workers[number].read { state.counts[table]?.read -= count }
            state.workers[number].read = [:]
        }
    }

    package func phase(_ name: String) {
        update { $0.phase = name }
        observer?(.phase(name))
    }

    package func waiting(_ reason: String, seconds: Double) {
        update {
            $0.waiting = Waiting(reason: reason, until: Date(timeIntervalSinceNow: seconds))
            $0.retries += 1
        }
        observer?(.waiting(reason, seconds: seconds))
    }

    package func tell(_ event: Event) { observer?(event) }
}
