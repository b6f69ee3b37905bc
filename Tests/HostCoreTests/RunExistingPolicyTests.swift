// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

@Suite struct RunExistingPolicyTests {
    /// Answers in the order resume, skip, update, fail.
    private static let table: [(Found.State, revision: String, isOurs: Bool, answers: [String])] = [
        (.nothing, "", false, ["new", "new", "new", "new"]),
        (.nothing, "", true, ["new", "new", "new", "new"]),
        (.partial, "r1", true, ["continue", "continue", "continue", "continue"]),
        (.partial, "r1", false, ["continue", "skip", "replace", "fail"]),
        (.broken, "r1", true, ["replace", "replace", "replace", "replace"]),
        (.broken, "r1", false, ["replace", "skip", "replace", "fail"]),
        (.complete, "r1", true, ["adopt", "skip", "adopt", "adopt"]),
        (.complete, "r1", false, ["adopt", "skip", "adopt", "fail"]),
        (.complete, "r0", true, ["continue", "skip", "replace", "fail"]),
        (.complete, "r0", false, ["continue", "skip", "replace", "fail"]),
        (.foreign, "r1", true, ["continue", "skip", "replace", "fail"]),
        (.foreign, "", false, ["continue", "skip", "replace", "fail"]),
    ]

    private static func word(_ decision: UnitDecision) -> String {
        switch decision {
        case .begin(.new): "new"
        case .begin(.continue): "continue"
        case .begin(.replace): "replace"
        case .adopt: "adopt"
        case .skip: "skip"
        case .fail: "fail"
        }
    }

    @Test func everyDecision() {
        let policies: [ExistingPolicy] = [.resume, .skip, .update, .fail]
        for (state, revision, isOurs, answers) in Self.table {
            for (policy, answer) in zip(policies, answers) {
                let found = Found(state, target: "t", revision: revision)
                let decision = policy.decide(found, revision: "r1", isOurs: isOurs)
                #expect(
                    Self.word(decision) == answer, "\(policy), \(state), ours \(isOurs), revision \(revision)"
                )
            }
        }
    }

    @Test func refusalNamesTheTargetAndTheWaysOut() throws {
        let found = Found(.foreign, target: "run 7", note: "made by hand")
        guard case .fail(let error) = ExistingPolicy.fail.decide(found, revision: "", isOurs: false) else {
            Issue.record("it has to fail")
            return
        }
        #expect(error.status == .conflict && error.subject == "run 7" && error.retryClass == .never)
        #expect(error.message.contains("made by hand") && error.remedy.contains("resume, skip or update"))
    }

    @Test func policiesAreNamedAsOnTheCommandLine() {
        #expect(ExistingPolicy.allCases.map(\.rawValue) == ["resume", "skip", "update", "fail"])
    }
}
