// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostHTTP
import HostRecords
import Testing

/// Declarations that do not fit their functions are found; the numbers are those of `Fixtures/actions.c`.
@Suite struct ActionCanaryTests {
    static func run(_ name: String, wrong: Int = 0, _ values: ActionCanary.Values) throws
        -> ActionCanary.Report
    {
        let library = try PluginLibrary(
            path: CompiledPlugin.build("Tests/HostABITests/Fixtures/actions.c", macros: ["WRONG=\(wrong)"]))
        guard let index = library.actions.firstIndex(where: { $0.name == name }) else {
            throw HostError(.notFound, "no action", subject: name)
        }
        let context = CallContext(label: "canary", queue: nil, redactor: Redactor(), cancelFlag: CancelFlag())
        {
            _, _ in
        }
        return try ActionCanary.run(
            action: index, of: library, values: values, at: OptionValues(scope: "x", values: [:]),
            context: context)
    }

    @Test(arguments: ["everything", "rows", "visit", "suspect"])
    func soundActionPasses(name: String) throws {
        for values in [ActionCanary.Values.natural, .marked] where name != "rows" || values == .natural {
            let report = try Self.run(name, values)
            #expect(report.findings == [] && report.failure == nil, "\(values)")
        }
    }

    @Test func whatChangesThingsAndCannotTellIsNotCalled() throws {
        #expect(hostError { _ = try Self.run("count", .natural) }?.status == .unsupported)
    }

    @Test(arguments: [ActionCanary.Values.natural, .marked])
    func resultsThatDoNotFitAreFound(values: ActionCanary.Values) throws {
        #expect(try Self.run("suspect", wrong: 1, values).findings == [.guardOverwritten(result: "length")])
        #expect(try Self.run("suspect", wrong: 2, values).findings == [.partlyWritten(result: "length")])
        #expect(try Self.run("suspect", wrong: 3, values).findings == [.notWritten(result: "length")])
        guard case .unreadable("sure", _) = try Self.run("suspect", wrong: 4, values).findings.first else {
            Issue.record("a result that is neither true nor false was not found")
            return
        }
        let failing = try Self.run("suspect", wrong: 10, values)
        #expect(
            failing.findings == [.guardOverwritten(result: "length")] && failing.failure?.status == .limit)
    }

    // Each of these ends the process, as it must: only a child can be asked.

    @Test func readingBehindATextEndsTheProcess() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            _ = try ActionCanaryTests.run("suspect", wrong: 5, .marked)
        }
    }

    @Test func oneArgumentMoreEndsTheProcess() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            _ = try ActionCanaryTests.run("suspect", wrong: 6, .natural)
        }
    }

    @Test func keptTextEndsTheProcessAtTheNextCall() async {
        await #expect(processExitsWith: .success) {
            _ = try ActionCanaryTests.run("suspect", wrong: 7, .marked)
        }
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            _ = try ActionCanaryTests.run("suspect", wrong: 7, .marked)
            _ = try ActionCanaryTests.run("suspect", wrong: 7, .marked)
        }
    }

    @Test func numberTakenForAnAddressEndsTheProcess() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            _ = try ActionCanaryTests.run("suspect", wrong: 8, .marked)
        }
    }

    @Test func writingToATextEndsTheProcess() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            _ = try ActionCanaryTests.run("suspect", wrong: 9, .marked)
        }
    }
}
