// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCLI
import HostCore
import HostRecords
import Testing

@Suite struct UnitPrinterTests {
    private func record(_ id: String, name: String? = nil) -> UnitRecord {
        UnitRecord(key: UnitKey(kind: "run", project: "team/p", id: id), name: name, created: 0)
    }

    @Test(arguments: [0, 1, 3])
    func jsonIsOneArrayHoweverManyPages(pages: Int) throws {
        var printer = UnitPrinter(isJSON: true, ofProjects: false, TerminalTraits(isTerminal: false))
        var text = ""
        for page in 0..<pages { text += printer.rows([record("a\(page)"), record("b\(page)", name: "n\n")]) }
        text += printer.end()
        let units = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(units.count == 2 * pages)
        #expect(units.allSatisfy { $0["kind"] as? String == "run" && $0["project"] as? String == "team/p" })
        #expect(units.allSatisfy { $0.keys.contains("name") })
        #expect(units.first.map { $0["created"] as? String == "1970-01-01T00:00:00.000Z" } ?? true)
    }

    @Test func pipeGetsTabsAndOneHead() {
        var printer = UnitPrinter(
            isJSON: false, ofProjects: false, TerminalTraits(isTerminal: false, columns: 40))
        let text = printer.rows([record("a\tb", name: "first")]) + printer.rows([record("c")]) + printer.end()
        #expect(
            text == """
                kind\tid\tname\tproject\tgroup\tstate\tcreated\tparent
                run\ta?b\tfirst\tteam/p\t\t\t1970-01-01T00:00:00.000Z\t
                run\tc\t\tteam/p\t\t\t1970-01-01T00:00:00.000Z\t

                """)
    }

    @Test func pagesOfATerminalStandBelowEachOther() {
        var printer = UnitPrinter(
            isJSON: false, ofProjects: false, TerminalTraits(isTerminal: true, columns: 200))
        let text = printer.rows([record("a long id", name: "x")]) + printer.rows([record("b", name: "x")])
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines[1].hasPrefix("run   a long id  x") && lines[2].hasPrefix("run   b          x"))
    }

    @Test func narrowTerminalLeavesColumnsOutAndAddsNoBlocks() {
        var printer = UnitPrinter(
            isJSON: false, ofProjects: false, TerminalTraits(isTerminal: true, columns: 40))
        let lines = printer.rows([record("a", name: "x"), record("b")]).split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { CellText.width(String($0)) <= 40 })
    }
}
