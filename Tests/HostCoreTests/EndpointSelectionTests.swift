// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct EndpointSelectionTests {
    @Test(
        arguments: [
            ([], "a/b", true), (["a/*"], "a/b", true), (["a/*"], "a/b/c", true), (["a"], "a/b", false),
            (["?/b"], "a/b", true), (["[ab]/x"], "b/x", true), (["[ab]/x"], "c/x", false),
            (["x", "*b"], "a/b", true),
            (["*"], ".hidden", true), (["A/*"], "a/b", false),
        ] as [([String], String, Bool)])
    func projectsAreGlobs(patterns: [String], project: String, isTaken: Bool) throws {
        #expect(try Selection(projects: patterns).takes(project: project, id: "1", name: nil) == isTaken)
    }

    @Test(
        arguments: [
            ([], "R-1", "x", true), (["^R-1$"], "R-1", "x", true), (["^R-1$"], "R-11", "x", false),
            (["baseline"], "R-1", "my baseline 2", true), (["R-(1|2)$"], "R-2", nil, true),
            (["^x$", "^R"], "R-3", "y", true), (["é"], "R", "café", true), (["🙂.$"], "R", "🙂!", true),
            (["z"], "R-1", nil, false),
        ] as [([String], String, String?, Bool)])
    func runsAreExpressionsFoundInIdOrName(patterns: [String], id: String, name: String?, isTaken: Bool)
        throws
    {
        #expect(try Selection(runs: patterns).takes(project: "p", id: id, name: name) == isTaken)
    }

    @Test func bothMustFit() throws {
        let selection = try Selection(projects: ["a"], runs: ["1"])
        #expect(selection.takes(project: "a", id: "1", name: nil))
        #expect(
            !selection.takes(project: "b", id: "1", name: nil)
                && !selection.takes(project: "a", id: "2", name: nil))
    }

    @Test func wrongExpressionIsTheUsersError() {
        let error = hostError { _ = try Selection(runs: ["good", "(bad"]) }
        #expect(error?.status == .invalidOption && error?.subject == "--run (bad")
    }

    @Test func identityDoesNotDependOnTheOrder() throws {
        let one = try Selection(projects: ["a", "b"], runs: ["x", "y"]).identity
        #expect(one == (try Selection(projects: ["b", "a"], runs: ["y", "x"]).identity))
        #expect(one != (try Selection(projects: ["a"], runs: ["x", "y"]).identity))
        #expect(try Selection().identity.isEmpty)
    }
}
