// SPDX-License-Identifier: Apache-2.0

import HostABI
import HostCore
import HostRecords
import Testing

/// Parameters as users type them.
@Suite struct ActionCommandLineTests {
    private static let spec = ActionSpec(
        "do-it", .reads, summary: "Does it.",
        parameters: [
            OptionSpec("name", .text, .required, summary: "whose."),
            OptionSpec("tag", .text, .list, summary: "s"),
            OptionSpec("deep", .bool, default: "true", summary: "s"), OptionSpec("fast", .bool, summary: "s"),
            OptionSpec("wait", .duration, default: "5s", summary: "s"),
            OptionSpec("kind", .text, choices: ["a", "b"], summary: "s"),
            OptionSpec("access-key", .text, .secret, summary: "s"),
        ])

    private func line(_ words: String..., environment: [String: String] = [:]) throws -> ActionCommandLine {
        try ActionCommandLine(parsing: words, for: Self.spec, environment: environment)
    }

    private func refusal(_ words: String...) -> HostError? {
        do throws(HostError) {
            _ = try ActionCommandLine(parsing: words, for: Self.spec, environment: [:])
            return nil
        } catch {
            return error
        }
    }

    @Test func defaultsStandWhereNothingIsGiven() throws {
        #expect(
            try line("--name", "x").values == [
                .value(.text("x")), .texts([]), .value(.integer(1)), .value(.integer(0)),
                .value(.integer(5000)),
                .absent, .absent,
            ])
    }

    @Test func allFormsOfAValue() throws {
        let values = try line(
            "--name=--odd=1", "--tag", "a", "--fast", "--no-deep", "--tag=", "--wait", "250ms", "--kind=b",
            "--tag", "-1"
        ).values
        #expect(
            values == [
                .value(.text("--odd=1")), .texts(["a", "", "-1"]), .value(.integer(0)), .value(.integer(1)),
                .value(.integer(250)), .value(.text("b")), .absent,
            ])
        #expect(
            try line("--name", "", "--deep=false", "--fast=no").values[2...3] == [
                .value(.integer(0)), .value(.integer(0)),
            ])
        #expect(try line("--name", "").values[0] == .value(.text("")), "an empty text is a text")
    }

    @Test func wrongWordsAreToldByName() {
        #expect(refusal("--nmae", "x")?.message.contains("Did you mean --name?") == true)
        #expect(refusal("--dryrun")?.message.contains("--dry-run") == true)
        #expect(refusal()?.subject == "--name" && refusal()?.message.contains("whose.") == true)
        #expect(refusal("--name")?.message == "It needs a value.")
        #expect(refusal("--name", "--fast")?.message == "It needs a value.")
        #expect(refusal("--name", "x", "--name", "y")?.message == "It is given twice.")
        #expect(refusal("--name", "x", "stray")?.subject == "stray")
        #expect(refusal("--name", "x", "--no-deep=true")?.message == "It takes no value.")
        #expect(refusal("--name", "x", "--no-kind")?.subject == "--no-kind")
        #expect(refusal("--name", "x", "--kind", "c")?.subject == "--kind")
        #expect(refusal("--name", "x", "--deep=perhaps")?.subject == "--deep")
        #expect(refusal("--name", "x", "--wait", "long")?.message.contains("duration") == true)
        #expect(refusal("--")?.subject == "--")
        for words in [["--x"], ["--name"], ["--name", "x", "--wait", "?"]] {
            let error = #expect(throws: HostError.self) {
                try ActionCommandLine(parsing: words, for: Self.spec, environment: [:])
            }
            #expect(error?.status == .invalidOption)
        }
    }

    @Test func secretComesFromItsVariable() throws {
        let environment = ["HOST_PARAM_ACCESS_KEY": "s3cret", "HOST_PARAM_NAME": "never"]
        let hidden = try line("--name", "x", environment: environment)
        #expect(hidden.values[6] == .value(.text("s3cret")) && hidden.exposedSecrets == [])
        #expect(hidden.secrets == ["s3cret"] && hidden.values[0] == .value(.text("x")))
        let typed = try line("--name", "x", "--access-key", "typed", environment: environment)
        #expect(typed.values[6] == .value(.text("typed")) && typed.exposedSecrets == ["access-key"])
        #expect(typed.secrets == ["typed"])
    }

    @Test func nameOfAnActionHasTwoParts() throws {
        let name = try ActionName(parsing: "mlflow.list-jobs")
        #expect(name.plugin == "mlflow" && name.action == "list-jobs")
        for text in ["", "mlflow", "mlflow.", ".x", "a.b.c"] {
            #expect(throws: HostError.self, "\(text)") { try ActionName(parsing: text) }
        }
    }
}
