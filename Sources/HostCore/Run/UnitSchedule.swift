// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// Hands units to workers, parents first: a unit is given out once its parent and fork parent have ended. Units in
/// a circle of parents come last, in the order of their creation.
///
/// Thread rule: any thread.
final class UnitSchedule: @unchecked Sendable {
    struct Item: Sendable {
        var unit: StoredUnit
        /// Its parents form a circle: it goes without them.
        var isInCycle = false
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
    private var ready: [Int] = []
    private var readyHead = 0
    private var unfinished: Int
    private var running = 0
    private var inCycle: Set<Int> = []
    private var isStopped = false

    init(_ units: [StoredUnit]) {
        self.units = units.sorted { Self.order($0) < Self.order($1) }
        waitsFor = Array(repeating: 0, count: units.count)
        unfinished = units.count
        var places: [Place: Int] = [:]
        for (index, unit) in self.units.enumerated() { places[Self.place(unit, unit.record.key.id)] = index }
        for (index, unit) in self.units.enumerated() {
            for parent in Set([unit.record.parent, unit.record.forkParent].compactMap { $0 }) {
                guard let position = places[Self.place(unit, parent)], position != index else { continue }
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
    func next() -> (item: Item, ticket: Int)? {
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

    func ended(_ ticket: Int) {
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

    func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }

    /// Nothing runs and nothing is ready, yet units are left: they wait for each other. The oldest goes first.
    private func releaseCycle() {
        guard let first = units.indices.first(where: { waitsFor[$0] > 0 && !inCycle.contains($0) }) else {
            unfinished = 0
            return
        }
        inCycle.insert(first)
        ready.append(first)
    }
}
