// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCore
import HostRecords
import Testing

@Suite struct MappingNameMapTests {
    let mlflow: NameRule

    init() throws {
        mlflow = try NameRule(.mlflowMetric)
    }

    @Test func validNamesKeepTheirNames() {
        let map = NameMap.build(names: ["a", "b/c"], rule: mlflow)
        #expect(map.isEmpty && map["a"] == "a")
    }

    @Test func validNameWinsOverAStoredRename() {
        let map = NameMap.build(names: ["a@b", "a_b"], rule: mlflow, stored: ["a@b": "a_b"])
        #expect(map["a_b"] == "a_b")
        #expect(map["a@b"].hasPrefix("a_b_"))
        #expect(map.collisions.map(\.source) == ["a@b"])
    }

    @Test func storedRenameComesAgain() {
        let map = NameMap.build(names: ["a#b", "a@b"], rule: mlflow, stored: ["a@b": "a_b"])
        #expect(map["a@b"] == "a_b")
        #expect(map["a#b"].hasPrefix("a_b_"))
    }

    @Test func storedRenameThatTheTargetNoLongerTakesIsMadeAnew() {
        #expect(NameMap.build(names: ["a@b"], rule: mlflow, stored: ["a@b": "a?b"])["a@b"] == "a_b")
    }

    @Test func targetOfAnotherUnitsNameIsNotGivenAgain() {
        let map = NameMap.build(names: ["a#b"], rule: mlflow, stored: ["a@b": "a_b"])
        #expect(map["a#b"].hasPrefix("a_b_"))
    }

    @Test func orderOfNamesDoesNotMatter() {
        let names = ["a@b", "a#b", "a$b", "x"]
        let first = NameMap.build(names: names, rule: mlflow).renames
        #expect(first == NameMap.build(names: names.reversed(), rule: mlflow).renames)
        #expect(first.map(\.source) == ["a#b", "a$b", "a@b"])
        #expect(first[0].target == "a_b" && first[0].changes == .replaced)
        #expect(first[1].changes == [.replaced, .disambiguated])
    }

    @Test func composedAndDecomposedNamesStayTwo() {
        let map = NameMap.build(names: ["\u{E9}", "e\u{301}"], rule: mlflow)
        #expect(Array(map["\u{E9}"].utf8) == Array("\u{E9}".utf8))
        #expect(map["e\u{301}"] == "e_")
    }

    /// The promise of the map, on thousands of names made to collide.
    @Test(arguments: [NameLimit.mlflowMetric, .tight, .bytes, .anything]) func mapIsInjectiveValidAndStable(
        limit: NameLimit
    ) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let rule = try NameRule(limit)
        var stored: [ExactText: String] = [:]
        for round in 0..<12 {
            let comment = Comment("seed \(seed), round \(round)")
            let names = NastyNames.make(400, &generator)
            let map = NameMap.build(names: names, rule: rule, stored: stored)
            let sources = Set(names.map { ExactText($0) })
            let targets = Set(sources.map { ExactText(map[$0.text]) })
            #expect(targets.count == sources.count, comment)
            for source in sources {
                let target = map[source.text]
                #expect(rule.isValid(target), comment)
                if rule.isValid(source.text) { #expect(ExactText(target) == source, comment) }
            }
            if limit == .mlflowMetric { #expect(targets.allSatisfy { mlflowTakes($0.text) }, comment) }
            for rename in map.renames where stored[ExactText(rename.source)] == nil {
                stored[ExactText(rename.source)] = rename.target
            }
            let again = NameMap.build(names: names.shuffled(using: &generator), rule: rule, stored: stored)
            #expect(again.renames.map(\.target) == map.renames.map(\.target), comment)
        }
    }

    /// MLflow's own words, written a second time: `posixpath.normpath(name) == name`, neither `.` nor above
    /// nor rooted.
    private func mlflowTakes(_ name: String) -> Bool {
        var parts: [Substring.UnicodeScalarView] = []
        for part in name.unicodeScalars.split(separator: "/") {
            let text = String(part)
            if text == "." { continue }
            if text == "..", let last = parts.last, String(last) != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        let normal = (name.hasPrefix("/") ? "/" : "") + parts.map { String($0) }.joined(separator: "/")
        return ExactText(normal.isEmpty ? "." : normal) == ExactText(name) && name != "."
            && !name.hasPrefix("..")
            && !name.hasPrefix("/") && name.unicodeScalars.count <= 250
            && name.unicodeScalars.allSatisfy { scalar in
                "_/.-: ".unicodeScalars.contains(scalar)
                    || CharacterSet.alphanumerics.contains(scalar)
                        && !CharacterSet.nonBaseCharacters.contains(scalar)
                    || scalar.properties.numericType != nil
            }
    }
}

extension NameLimit {
    fileprivate static let tight = NameLimit(
        [.asciiLetter, .asciiDigit], extra: "_", first: .asciiLetter, maxLength: 16, replacement: "_")
    fileprivate static let bytes = NameLimit(
        .word, extra: "/.", maxLength: 24, countsBytes: true, isNormalPath: true)
    fileprivate static let anything = NameLimit(.any, maxLength: 32, isNormalPath: true, replacement: "?")
}

/// Names of few pieces, so that many of them become one when adapted.
private enum NastyNames {
    private static let pieces = [
        "a", "b", " ", "@", "#", "_", "/", "//", ".", "..", "🙂", "👨‍👩‍👧", "e\u{301}", "\u{E9}", "\u{0}", "\n",
        "\u{202E}", "准", "½",
        "-", ":", "A", "9", String(repeating: "x", count: 300), String(repeating: "准🙂", count: 150),
    ]

    static func make(_ count: Int, _ generator: inout SeededGenerator) -> [String] {
        ["a b", "a@b", "a_b", ""]
            + (0..<count).map { _ in
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                }.joined()
            }
    }
}
