// SPDX-License-Identifier: Apache-2.0

import HostABI
import HostCore
import HostRecords
import Testing

/// What a declaration may look like.
@Suite struct ActionRulesTests {
    private func problems(
        _ parameters: [OptionSpec] = [], results: [ActionSpec.Result] = [], name: String = "do-it",
        flags: ActionSpec.Flags = [], role: Roles = []
    ) -> [String] {
        ActionRules.check(
            ActionSpec(
                name, .reads, flags, role: role, summary: "Does it.", parameters: parameters, results: results
            ),
            roles: .loader)
    }

    @Test func soundDeclarationHasNoProblem() {
        let parameters = [
            OptionSpec("name", .text, .required, summary: "s"),
            OptionSpec("more", .path, .list, summary: "s"),
            OptionSpec("flag", .bool, summary: "s"), OptionSpec("count", .int, default: "4", summary: "s"),
            OptionSpec("wait", .duration, default: "5m", summary: "s"),
            OptionSpec("rate", .float, .required, summary: "s"),
            OptionSpec("kind", .text, default: "a", choices: ["a", "b"], summary: "s"),
            OptionSpec("key", .text, [.secret, .required], summary: "s"),
        ]
        let results = [ActionSpec.Result("id", summary: "s"), .init("size", .size, summary: "s")]
        #expect(problems(parameters, results: results, flags: [.rows, .dryRun], role: .loader) == [])
    }

    @Test(arguments: [
        "", "A", "do_it", "do--it", "-do", "do-", "1st", "dö", String(repeating: "a", count: 64),
    ])
    func nameIsOfLowerCaseWords(name: String) {
        #expect(problems(name: name).count == 1, "\(name)")
        #expect(problems([OptionSpec(name, summary: "s")]).count == 1, "\(name)")
        #expect(problems(results: [.init(name, summary: "s")]).count == 1, "\(name)")
    }

    @Test func eachBrokenRuleIsNamed() {
        let cases: [(OptionSpec, String)] = [
            (OptionSpec("count", .int, summary: "s"), "neither a text nor required"),
            (OptionSpec("count", .int, .required, default: "1", summary: "s"), "required and has a default"),
            (OptionSpec("count", .int, default: "many", summary: "s"), "would not take ('many')"),
            (OptionSpec("kind", .text, default: "c", choices: ["a"], summary: "s"), "would not take ('c')"),
            (OptionSpec("count", .int, default: "1", choices: ["1", "x"], summary: "s"), "choice"),
            (OptionSpec("counts", .int, [.list, .required], summary: "s"), "list of something else"),
            (OptionSpec("dry-run", .bool, summary: "s"), "flag of the command"),
            (OptionSpec("key", .text, .secret, default: "x", summary: "s"), "secret and has a default"),
            (OptionSpec("name", summary: ""), "no summary"),
            (
                OptionSpec("name", .text, .init(rawValue: 1 << 9), summary: "s"),
                "flags that this host does not know"
            ),
        ]
        for (parameter, words) in cases {
            let found = problems([parameter])
            #expect(found.count == 1 && found[0].contains(words), "\(words): \(found)")
        }
        #expect(problems(flags: .rows) == ["it gives rows without columns"])
        #expect(problems(flags: .init(rawValue: 8)).count == 1)
        #expect(problems(role: .exporter).count == 1, "a role that the plugin has not")
        #expect(problems(role: [.exporter, .loader]).count == 1)
        let twice = [OptionSpec("name", summary: "s"), OptionSpec("name", summary: "s")]
        #expect(problems(twice) == ["the parameter 'name' is declared twice"])
        #expect(
            problems([OptionSpec("a", .bool, summary: "s"), OptionSpec("no-a", summary: "s")]).count == 1)
        var description = PluginDescription()
        description.roles = .loader
        description.actions = Array(repeating: ActionSpec("do-it", .reads, summary: "s"), count: 2)
        #expect(ActionRules.check(description) == ["The action 'do-it' is declared twice."])
    }
}
