// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCore
import HostRecords
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RunUnitScheduleTests {
    private let job = LedgerTestJob()
    private let ledger: Ledger

    init() throws { ledger = try job.open() }

    /// Units with parents by position, as the ledger gives them.
    private func units(_ records: [UnitRecord]) throws -> [StoredUnit] {
        try ledger.sawUnits(records)
        return try records.map { try #require(try ledger.unit($0.key)) }
    }

    private static func record(
        _ id: Int, parent: Int? = nil, fork: Int? = nil, created: Int64? = nil, project: String = "p"
    ) -> UnitRecord {
        UnitRecord(
            key: UnitKey(kind: "run", project: project, id: "\(id)"), parent: parent.map { "\($0)" },
            forkParent: fork.map { "\($0)" }, created: created)
    }

    private enum Event: Sendable {
        case begins(String, isInCycle: Bool)
        case ends(String)
    }

    /// Takes every unit with some threads and tells what happened in which order.
    private static func run(_ schedule: UnitSchedule, threads: Int) -> [Event] {
        let events = EventLog()
        let group = DispatchGroup()
        for _ in 0..<threads {
            group.enter()
            Thread.detachNewThread {
                while let (item, ticket) = schedule.next() {
                    events.add(.begins(item.unit.record.key.id, isInCycle: item.isInCycle))
                    events.add(.ends(item.unit.record.key.id))
                    schedule.ended(ticket)
                }
                group.leave()
            }
        }
        group.wait()
        return events.all
    }

    private final class EventLog: Sendable {
        private let events = Mutex<[Event]>([])
        var all: [Event] { events.withLock { $0 } }
        func add(_ event: Event) { events.withLock { $0.append(event) } }
    }

    private static func begun(_ events: [Event]) -> [String] {
        events.compactMap { if case .begins(let id, _) = $0 { id } else { nil } }
    }

    @Test func unitsWithoutParentsGoByTheirCreation() throws {
        let units = try units([
            Self.record(1), Self.record(2, created: 50), Self.record(3, created: 10), Self.record(4),
            Self.record(5, created: 50),
        ])
        #expect(
            Self.begun(Self.run(UnitSchedule(units.reversed()), threads: 1)) == ["3", "2", "5", "1", "4"])
    }

    @Test func parentsOfOtherKindsAndProjectsAndMissingOnesDoNotHoldUp() throws {
        let units = try units([
            Self.record(1, parent: 9), Self.record(2, parent: 2), Self.record(3, parent: 4, project: "q"),
            Self.record(4, parent: 3),
        ])
        #expect(Set(Self.begun(Self.run(UnitSchedule(units), threads: 2))) == ["1", "2", "3", "4"])
    }

    @Test func oldestOfACircleGoesFirstAndWhatHangsOnItWaits() throws {
        // 1 → 2 → 3 → 1 is the circle; 4, older than all, is a child of 3, and 5 of 4.
        let units = try units([
            Self.record(1, parent: 3, created: 30), Self.record(2, parent: 1, created: 20),
            Self.record(3, parent: 2, created: 25), Self.record(4, parent: 3, created: 1),
            Self.record(5, parent: 4, created: 2), Self.record(6, created: 99),
        ])
        let events = Self.run(UnitSchedule(units), threads: 1)
        #expect(Self.begun(events) == ["6", "2", "3", "4", "1", "5"])
        #expect(events.count { if case .begins(_, true) = $0 { true } else { false } } == 1)
    }

    @Test func stoppedScheduleGivesNoMore() throws {
        let schedule = UnitSchedule(try units([Self.record(1), Self.record(2, parent: 1)]))
        let first = try #require(schedule.next())
        let waiting = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            // Waits for the parent, which never ends.
            if schedule.next() == nil { waiting.signal() }
        }
        schedule.stop()
        waiting.wait()
        schedule.ended(first.ticket)
        #expect(schedule.next() == nil)
    }

    @Test(arguments: [1, 4])
    func everyUnitGoesOnceAndParentsEndBeforeChildrenBegin(threads: Int) throws {
        let seed: UInt64 = 40_004
        print("RunUnitScheduleTests: seed \(seed), \(threads) threads")
        for graph in 0..<150 {
            var random = SeededGenerator(seed: seed &+ UInt64(graph))
            let count = Int.random(in: 1...40, using: &random)
            let isForest = graph % 2 == 0
            func parent(of id: Int) -> Int? {
                switch Int.random(in: 0..<4, using: &random) {
                case 0: nil
                case 1: isForest ? nil : Int.random(in: -1...count, using: &random)
                default:
                    isForest
                        ? (id == 0 ? nil : Int.random(in: 0..<id, using: &random))
                        : Int.random(in: 0..<count, using: &random)
                }
            }
            let records = (0..<count).map { id in
                Self.record(
                    id, parent: parent(of: id), fork: parent(of: id),
                    created: Bool.random(using: &random) ? Int64.random(in: 0...20, using: &random) : nil,
                    project: "graph \(threads) \(graph)")
            }
            let events = Self.run(UnitSchedule(try units(records)), threads: threads)
            try Self.check(events, records, isForest: isForest, "seed \(seed), graph \(graph)")
        }
    }

    private static func check(_ events: [Event], _ records: [UnitRecord], isForest: Bool, _ place: Comment)
        throws
    {
        #expect(begun(events).sorted() == records.map(\.key.id).sorted(), place)
        var parents: [String: Set<String>] = [:]
        let ids = Set(records.map(\.key.id))
        for record in records {
            let own = [record.parent, record.forkParent].compactMap { $0 }.filter {
                $0 != record.key.id && ids.contains($0)
            }
            parents[record.key.id] = Set(own)
        }
        var ended: Set<String> = []
        for event in events {
            switch event {
            case .ends(let id): ended.insert(id)
            case .begins(let id, isInCycle: false):
                #expect(
                    parents[id, default: []].isSubset(of: ended),
                    "\(place): \(id) began before its parents ended")
            case .begins(let id, isInCycle: true):
                #expect(
                    !isForest && ancestors(of: id, parents).contains(id), "\(place): \(id) is in no circle")
            }
        }
    }

    private static func ancestors(of id: String, _ parents: [String: Set<String>]) -> Set<String> {
        var found: Set<String> = []
        var open = Array(parents[id, default: []])
        while let next = open.popLast() {
            if found.insert(next).inserted { open += parents[next, default: []] }
        }
        return found
    }
}
