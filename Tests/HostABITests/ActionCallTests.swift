// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostRecords
import Testing

/// Actions of a C plugin, called through libffi.
@Suite struct ActionCallTests {
    let told = ToldByPlugin()

    private static func library(_ macros: [String] = []) throws -> PluginLibrary {
        try PluginLibrary(path: CompiledPlugin.build("Tests/HostABITests/Fixtures/actions.c", macros: macros))
    }

    private func call(
        _ name: String, _ values: [ActionArgument], isDryRun: Bool = false, at place: String? = nil,
        macros: [String] = []
    ) throws -> ActionOutcome {
        let library = try Self.library(macros)
        let index = try #require(library.actions.firstIndex { $0.name == name })
        return try library.call(
            action: index, ActionArguments(values, isDryRun: isDryRun),
            at: place.map { OptionValues(scope: $0, values: [:]) }, context: told.context())
    }

    private func everything(
        _ flag: Int64, _ integer: Int64, _ number: Double, _ text: ActionArgument, _ list: [String]
    ) -> [ActionArgument] {
        [.value(.integer(flag)), .value(.integer(integer)), .value(.number(number)), text, .texts(list)]
            + [.value(.integer(1500))] + (2...8).map { .value(.number(Double($0))) }
    }

    @Test func everyTypeArrivesInItsPlace() throws {
        let outcome = try call("everything", everything(1, 7, 2.5, .value(.text("né\0x")), ["a", "", "日本"]))
        #expect(outcome.failure == nil && outcome.rows.isEmpty && outcome.results[0] == .integer(.min + 7))
        // The plugin prints up to the NUL; what is behind it came too, since the size is 5.
        #expect(outcome.results[1...2] == [.number(1.25), .integer(0)])
        #expect(outcome.results[3] == .text("1 7 2.5 5'né' 3 [a] [] [日本] 1500 8.76543e+06"))
    }

    @Test func extremesKeepTheirBits() throws {
        let results = try call("everything", everything(0, .max, -0.0, .absent, [])).results
        #expect(results[0] == .integer(-1) && results[2] == .integer(1))
        #expect(results[1] == .number(-0.0))
        #expect(results[3] == .text("0 9223372036854775807 -0 NULL0'' 0 1500 8.76543e+06"))
        #expect(
            try call("everything", everything(0, 0, .infinity, .value(.text("")), [])).results[3]
                == .text("0 0 inf 0'' 0 1500 8.76543e+06"), "an empty text is not an absent one")
    }

    @Test func manyThreadsShareAnInterface() async throws {
        let library = try Self.library()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                let context = told.context()
                group.addTask {
                    for round in 0..<200 {
                        let arguments = ActionArguments([
                            .value(.text("none")), .value(.integer(Int64(number))),
                        ])
                        let rows = try library.call(action: 1, arguments, at: nil, context: context).rows
                        #expect(rows.count == number, "round \(round)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func rowsAreTypedByTheirColumns() throws {
        let outcome = try call("rows", [.value(.text("none")), .value(.integer(3))])
        #expect(outcome.failure == nil)
        #expect(outcome.rows.map { $0[0] } == [.text("row-0"), .text("row-1"), .text("row-2")])
        #expect(outcome.rows.map { $0[1] } == [.integer(0), .integer(1), .integer(4)])
        #expect(outcome.rows.allSatisfy { $0.count == 3 && $0[2] == nil })
        let short = try call("rows", [.value(.text("empty cell")), .value(.integer(1))])
        #expect(short.rows == [[.text("row-0"), nil, nil]])
    }

    @Test(arguments: [
        "index", "twice", "text in number", "number in text", "float in int", "no truth", "no size",
    ])
    func wrongCellIsRefused(how: String) throws {
        let outcome = try call("rows", [.value(.text(how)), .value(.integer(1))])
        #expect(outcome.failure?.status == .invalidData && outcome.rows.isEmpty, "\(how)")
    }

    @Test func pluginThatPassesOverARefusalDoesNotSucceed() throws {
        let good = try call("rows", [.value(.text("passes over")), .value(.integer(2))])
        #expect(good.failure == nil && good.rows.count == 2)
        let outcome = try call("rows", [.value(.text("twice")), .value(.integer(2))])
        #expect(outcome.failure?.message == "A row has two cells of one column.")
    }

    @Test func rowsBeforeAFailureAreKept() throws {
        let outcome = try call("rows", [.value(.text("fails")), .value(.integer(5))])
        #expect(outcome.rows.count == 2 && outcome.failure?.message == "Enough.")
        #expect(outcome.failure?.status == .invalidData)
    }

    @Test func instanceIsOpenedAndClosedAroundTheCall() throws {
        let before = try call("count", []).results
        let outcome = try call("visit", [], isDryRun: true, at: "the place")
        #expect(outcome.results == [.text("the place"), .integer(1)])
        #expect(try call("visit", [], at: "x").results == [.text("x"), .integer(0)])
        let failed = try call("visit", [], at: "fails")
        #expect(failed.failure?.status == .notFound && failed.failure?.message.contains("visit") == true)
        let after = try call("count", []).results
        for index in 0...1 {
            guard case .integer(let was) = before[index], case .integer(let now) = after[index] else {
                Issue.record("no counts")
                return
            }
            #expect(now - was >= 3)
        }
        #expect(hostError { _ = try call("visit", []) }?.status == .invalidState, "no endpoint")
    }

    @Test func argumentsOfWrongTypeNeverReachTheFunction() throws {
        let sound = everything(0, 1, 1, .absent, [])
        for (index, wrong) in [
            (0, ActionArgument.value(.integer(2))), (0, .value(.text("true"))), (1, .value(.number(1))),
            (1, .absent), (2, .value(.integer(1))), (3, .value(.integer(1))), (3, .texts(["a"])),
            (4, .value(.text("a"))), (4, .absent), (5, .value(.integer(-1))), (5, .texts([])),
        ] {
            var values = sound
            values[index] = wrong
            #expect(
                hostError { _ = try call("everything", values) }?.status == .invalidOption,
                "\(index) \(wrong)")
        }
        #expect(hostError { _ = try call("everything", Array(sound.dropLast())) }?.status == .invalidState)
        #expect(hostError { _ = try call("everything", sound, isDryRun: true) }?.status == .invalidOption)
        #expect(
            hostError { _ = try call("rows", [.absent, .value(.integer(1))]) }?.status == .invalidOption,
            "required")
        #expect(
            hostError {
                _ = try Self.library().call(action: 99, ActionArguments([]), at: nil, context: told.context())
            }?.status == .invalidState)
    }

    /// 1: unknown flag, 2: unknown flag of a parameter, 3: a list of numbers, 4: a role that the plugin has
    /// not.
    @Test(arguments: 1...4)
    func declarationThatCouldHideArgumentsIsNotCalled(broken: Int) throws {
        let error = hostError {
            _ = try call(
                "suspect", [.value(.text("x")), .value(.integer(1))], at: "x", macros: ["BROKEN=\(broken)"])
        }
        #expect(error?.message.contains("declared wrongly") == true && error?.subject == "actions.suspect")
    }

    @Test func numberThatIsNoTruthIsAnError() throws {
        let error = hostError {
            _ = try call("suspect", [.value(.text("x")), .value(.integer(1))], macros: ["WRONG=4"])
        }
        #expect(error?.subject == "sure" && error?.message.contains("7") == true)
    }
}
