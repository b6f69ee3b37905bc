// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct MappingNameRuleTests {
    let mlflow: NameRule

    init() throws {
        mlflow = try NameRule(.mlflowMetric)
    }

    @Test(arguments: [
        "loss", "train/loss", "a b", "a:b", "a.b", "a-b", "准确率", "naïve", "½", "٣", "²", "_", ".a", "a..b",
        "a/..b",
        "a/...", " ",
    ])
    func validNamesStay(name: String) {
        #expect(mlflow.isValid(name))
        #expect(mlflow.adapt(name) == (name, []))
    }

    @Test(arguments: [
        "", "a@b", "🙂", "e\u{301}", "a\u{0}b", "a\nb", "a\tb", "/a", "a/", "a//b", ".", "..", "./a", "a/.",
        "a/../b",
        "../a", "..a", "//", "\u{1DF00}", "$",
    ])
    func othersAreRefusedAndAdapted(name: String) {
        #expect(!mlflow.isValid(name))
        let (adapted, changes) = mlflow.adapt(name)
        #expect(mlflow.isValid(adapted), "\(adapted)")
        #expect(!changes.isEmpty)
    }

    @Test(
        arguments: [
            ("a@b", "a_b", .replaced), ("🙂🙂", "__", .replaced), ("e\u{301}x", "e_x", .replaced),
            ("\r\n", "__", .replaced), ("", "_", .replaced), ("/a//b/", "a/b", .normalized),
            ("a/../b", "a/__/b", .normalized), ("./a", "_/a", .normalized), ("..", "__", .normalized),
            ("..a/b", "__a/b", .normalized), ("a/..b", "a/..b", []), ("/@/", "_", [.replaced, .normalized]),
            ("///", "_", [.replaced, .normalized]), ("/..a", "__a", .normalized),
        ] as [(String, String, NameChanges)])
    func formOfAdaptedNames(source: String, target: String, changes: NameChanges) {
        let adapted = mlflow.adapt(source)
        #expect(Array(adapted.name.unicodeScalars) == Array(target.unicodeScalars))
        #expect(adapted.changes == changes)
    }

    @Test func lengthsCountCodePoints() throws {
        let flag = "🇩🇪"  // one Character, two code points, eight bytes
        let rule = try NameRule(NameLimit(.any, maxLength: 250))
        #expect(rule.isValid(String(repeating: flag, count: 125)))
        #expect(!rule.isValid(String(repeating: flag, count: 126)))
    }

    @Test func shortenedNamesEndInASuffixMadeFromTheWhole() {
        let long = String(repeating: "x", count: 300)
        let (first, changes) = mlflow.adapt(long + "1")
        let (second, _) = mlflow.adapt(long + "2")
        #expect(changes == .shortened)
        #expect(first.unicodeScalars.count == 250 && second.unicodeScalars.count == 250)
        #expect(first.hasPrefix(String(repeating: "x", count: 241) + "_"))
        #expect(first != second)
        #expect(mlflow.isValid(first))
        #expect(mlflow.adapt(long + "1").name == first)
        #expect(mlflow.isValid(String(repeating: "x", count: 250)))
        #expect(!mlflow.isValid(String(repeating: "x", count: 251)))
    }

    @Test func suffixIsTheFoldedHashAndStaysTheSameForEver() throws {
        // The test vectors of FNV-1a's authors.
        #expect(StableHash.of("".utf8) == 0xCBF2_9CE4_8422_2325)
        #expect(StableHash.of("a".utf8) == 0xAF63_DC4C_8601_EC8C)
        #expect(StableHash.of("foobar".utf8) == 0x8594_4171_F739_67E8)
        let map = NameMap.build(names: ["a_b", "a@b"], rule: mlflow)
        let hash = StableHash.of("a@b".utf8)
        let expected = String(UInt32(truncatingIfNeeded: hash ^ (hash >> 32)), radix: 16)
        #expect(map["a@b"] == "a_b_" + String(repeating: "0", count: 8 - expected.count) + expected)
    }

    @Test func cuttingBytesNeverSplitsACharacter() throws {
        let rule = try NameRule(NameLimit(.any, maxLength: 20, countsBytes: true))
        for lead in 0..<4 {
            let name = String(repeating: "a", count: lead) + String(repeating: "🙂", count: 10)
            let (adapted, changes) = rule.adapt(name)
            #expect(changes == .shortened)
            #expect(adapted.utf8.count <= 20 && adapted.utf8.count > 16)
            #expect(!adapted.unicodeScalars.contains("\u{FFFD}"))
            #expect(rule.isValid(adapted))
        }
    }

    @Test func cutInsideAPathStaysAPath() throws {
        let rule = try NameRule(NameLimit(.word, extra: "/.", maxLength: 16, isNormalPath: true))
        for name in [
            "aaaaaa/bbbbbbbbbbb", "aaaaa/.bbbbbbbbbbb", "a/b/c/d/e/f/g/h/i/j", "aaaa/..bbbbbbbbbbbbb",
        ] {
            #expect(rule.isValid(rule.adapt(name).name), "\(rule.adapt(name).name)")
        }
    }

    @Test func firstCharacterHasItsOwnClasses() throws {
        let limit = NameLimit([.asciiLetter, .asciiDigit], extra: "_", first: .asciiLetter, maxLength: 64)
        let rule = try NameRule(limit)
        #expect(rule.isValid("a1") && rule.isValid("_1") && !rule.isValid("1a"))
        #expect(rule.adapt("1a") == ("_1a", .replaced))
        #expect(rule.adapt("é/a") == ("__a", .replaced))
        let letters = try NameRule(
            NameLimit([.asciiLetter, .asciiDigit], first: .asciiLetter, replacement: "-"))
        #expect(letters.adapt("1-2") == ("x1x2", .replaced))
    }

    @Test func digitsOfTheSuffixAreLettersWhereDigitsAreNotAllowed() throws {
        let rule = try NameRule(NameLimit(.asciiLetter, extra: "_", maxLength: 20))
        let adapted = rule.adapt(String(repeating: "q", count: 30)).name
        #expect(rule.isValid(adapted) && adapted.utf8.count == 20)
    }

    @Test func replacementThatIsNotAllowedItselfIsNotUsed() throws {
        let rule = try NameRule(NameLimit(.asciiLetter, extra: "-", replacement: "@"))
        #expect(rule.adapt("a b").name == "a-b")
        let dots = try NameRule(NameLimit(.asciiLetter, extra: "/._", isNormalPath: true, replacement: "."))
        #expect(dots.adapt("a/##/b").name == "a/__/b")
    }

    @Test func controlCharactersAreNotAnyCharacters() throws {
        let any = try NameRule(NameLimit(.any))
        #expect(
            !any.isValid("a\u{0}") && !any.isValid("a\u{85}") && !any.isValid("a\n")
                && any.isValid("a 🙂 \u{301}"))
        #expect(try NameRule(.unlimited).isValid("a\nb\tc"))
    }

    @Test func ruleWithoutRoomIsRefused() {
        #expect(hostError { _ = try NameRule(NameLimit(.word, maxLength: 15)) }?.status == .unsupported)
        #expect(hostError { _ = try NameRule(NameLimit([])) }?.status == .unsupported)
        #expect(hostError { _ = try NameRule(NameLimit([], extra: "_")) }?.status == .unsupported)
    }
}
