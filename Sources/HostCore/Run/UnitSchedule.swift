// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// Hands units to workers, parents first: a unit is given out once its parent and fork parent have ended. Where
/// parents form a circle, its oldest unit goes without them once nothing else can go.
///
/// Thread rule: any thread.
package final class UnitSchedule: @unchecked Sendable {
    package struct Item: Sendable {
        package var unit: StoredUnit
        /// Its parents form a circle: it goes without them.
        package var isInCycle = false
    }

    private struct Place: Hashable {
        var kind: String
        var project: ExactText
        var id: ExactText
    }

    private let condition = NSCondition()
    private var units: [StoredUnit]
    private var waitsFor: [Int]
    private var children: [Int: [Int]] = [:]
    private var parents: [Int: [Int]] = [:]
    private var ready: [Int] = []
    private var readyHead = 0
    private var unfinished: Int
    private var running = 0
    private var inCycle: Set<Int> = []
    private var isStopped = false

    package init(_ units: [StoredUnit]) {
        self.units = units.sorted { Self.order($0) < Self.order($1) }
        waitsFor = Array(repeating: 0, count: units.count)
        unfinished = units.count
        var places: [Place: Int] = [:]
        for (index, unit) in self.units.enumerated() { places[Self.place(unit, unit.record.key.id)] = index }
        for (index, unit) in self.units.enumerated() {
            for parent in Set([unit.record.parent, unit.record.forkParent].compactMap { $0.map { ExactText($0) } }) {
                guard let position = places[Self.place(unit, parent.text)], position != index else { continue }
                parents[index, default: []].append(position)
                waitsFor[index] += 1
                children[position, default: []].append(index)
            }
        }
        ready = self.units.indices.filter { waitsFor[$0] == 0 }
    }

    private static func place(_ unit: StoredUnit, _ id: String) -> Place {
        Place(kind: unit.record.key.kind, project: ExactText(unit.record.key.project), id: ExactText(id))
    }

    private static func order(_ unit: StoredUnit) -> (Int64, Int64) {
        (unit.record.created ?? .max, unit.number)
    }

    /// The next unit and a number to give back to `ended`; nil when none is left. Waits for parents that run.
    package func next() -> (item: Item, ticket: Int)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if isStopped || unfinished == 0 { return nil }
            if readyHead < ready.count {
                let index = ready[readyHead]
                readyHead += 1
                running += 1
                return (Item(unit: units[index], isInCycle: inCycle.contains(index)), index)
            }
            if running == 0 {
                releaseCycle()
                continue
            }
            condition.wait()
        }
    }

    package func ended(_ ticket: Int) {
        condition.lock()
        running -= 1
        unfinished -= 1
        for child in children[ticket] ?? [] where !inCycle.contains(child) {
            waitsFor[child] -= 1
            if waitsFor[child] == 0 { ready.append(child) }
        }
        condition.broadcast()
        condition.unlock()
    }

    package func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }

    /// Nothing runs and nothing is ready, yet units are left: some wait for each other, the others for these.
    private func releaseCycle() {
        guard var member = units.indices.first(where: { isWaiting($0) }) else {
            unfinished = 0
            return
        }
        // From parent to parent one comes into a circle, and is in it when a unit comes again.
        var seen: Set<Int> = []
        while seen.insert(member).inserted { member = waitingParent(of: member) ?? member }
        var oldest = member
        var other = waitingParent(of: member) ?? member
        while other != member {
            oldest = min(oldest, other)
            other = waitingParent(of: other) ?? member
        }
        inCycle.insert(oldest)
        ready.append(oldest)
    }

    private func isWaiting(_ index: Int) -> Bool { waitsFor[index] > 0 && !inCycle.contains(index) }

    private func waitingParent(of index: Int) -> Int? { parents[index]?.first { isWaiting($0) } }
}
