// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct LedgerNamesTests {
    let job = LedgerTestJob()
    let rule: NameRule

    init() throws {
        rule = try NameRule(NameLimit(.word, extra: "/.-: ", maxLength: 250, isNormalPath: true))
    }

    func ledger() throws -> Ledger {
        let ledger = try job.open()
        try ledger.sawUnits(["1", "2", "3"].map { UnitRecord(key: .run($0)) })
        return ledger
    }

    func map(_ ledger: Ledger, _ unit: String, _ names: [String], project: String = "p") throws -> NameMap {
        try ledger.extendNames(project: project, scope: .metric, unit: .run(unit)) { stored in
            NameMap.build(names: names, rule: rule, stored: stored)
        }
    }

    @Test func aNameHasOneTargetInAllUnitsOfAProject() throws {
        let ledger = try ledger()
        #expect(try map(ledger, "1", ["a@b"])["a@b"] == "a_b")
        let second = try map(ledger, "2", ["a#b", "a@b"])
        #expect(second["a@b"] == "a_b")
        #expect(second["a#b"].hasPrefix("a_b_"))
        #expect(try map(ledger, "3", ["a#b"])["a#b"] == second["a#b"])
        #expect(try map(ledger, "3", ["a#b"], project: "other")["a#b"] == "a_b")
    }

    @Test func scopesAndProjectsAreApart() throws {
        let ledger = try ledger()
        try ledger.saveNames([Rename(source: "a@b", target: "x")], project: "p", scope: .tag)
        #expect(try ledger.names(project: "p", scope: .tag) == ["a@b": "x"])
        #expect(try ledger.names(project: "p", scope: .metric).isEmpty)
        #expect(try ledger.names(project: "q", scope: .tag).isEmpty)
    }

    @Test func unitThatHoldsTheTargetNameItselfHasARenameOfItsOwn() throws {
        let ledger = try ledger()
        _ = try map(ledger, "1", ["a@b"])
        let second = try map(ledger, "2", ["a@b", "a_b"])
        #expect(second["a_b"] == "a_b" && second["a@b"].hasPrefix("a_b_"))
        #expect(try ledger.names(project: "p", scope: .metric) == ["a@b": "a_b"])
        #expect(try ledger.names(project: "p", scope: .metric, unit: .run("2")) == ["a@b": second["a@b"]])
        #expect(try map(ledger, "2", ["a@b", "a_b"])["a@b"] == second["a@b"])
    }

    @Test func otherTargetForAKnownNameIsRefusedWithoutAUnit() throws {
        let ledger = try ledger()
        try ledger.saveNames([Rename(source: "a@b", target: "x")], project: "p", scope: .tag)
        try ledger.saveNames([Rename(source: "a@b", target: "x")], project: "p", scope: .tag)
        let error = hostError {
            try ledger.saveNames([Rename(source: "a@b", target: "y")], project: "p", scope: .tag)
        }
        #expect(error?.status == .conflict)
    }

    @Test func returningToTheSharedNameDropsTheUnitsOwn() throws {
        let ledger = try ledger()
        let names = { (target: String) in [Rename(source: "a@b", target: target)] }
        try ledger.saveNames(names("x"), project: "p", scope: .tag)
        try ledger.saveNames(names("y"), project: "p", scope: .tag, unit: .run("1"))
        #expect(try ledger.names(project: "p", scope: .tag, unit: .run("1")) == ["a@b": "y"])
        try ledger.saveNames(names("x"), project: "p", scope: .tag, unit: .run("1"))
        #expect(try ledger.names(project: "p", scope: .tag, unit: .run("1")) == ["a@b": "x"])
    }

    @Test func namesComeBackByteForByte() throws {
        let ledger = try ledger()
        let sources = ["e\u{301}@", "\u{E9}@", "a\u{0}b", "a", "", "🙂"]
        try ledger.saveNames(
            sources.enumerated().map { Rename(source: $1, target: "t\($0)") }, project: "p", scope: .file)
        let stored = try ledger.names(project: "p", scope: .file)
        #expect(stored.count == sources.count)
        for (index, source) in sources.enumerated() { #expect(stored[ExactText(source)] == "t\(index)") }
    }
}
