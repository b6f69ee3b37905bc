// SPDX-License-Identifier: Apache-2.0

import CHost
import HostRecords
import Testing

@testable import HostPluginKit

/// A function of another type than its declaration demands is never called.
@Suite struct ActionTests {
    private static let spec = ActionSpec(
        "greet", .reads, .dryRun, role: .loader, summary: "Greets.",
        parameters: [
            OptionSpec("name", summary: "s"), OptionSpec("names", .text, .list, summary: "s"),
            OptionSpec("times", .int, default: "1", summary: "s"),
            OptionSpec("pause", .float, default: "1", summary: "s"),
            OptionSpec("loud", .bool, summary: "s"),
        ],
        results: [
            .init("greeting", summary: "s"), .init("count", .int, summary: "s"),
            .init("seconds", .float, summary: "s"),
            .init("done", .bool, summary: "s"),
        ])

    private typealias Fitting =
        @convention(c) (
            CallArgument, InstanceArgument, Int32, TextArgument, Int64, TextsArgument, Int64, Int64, Double,
            Int32, TextResult,
            IntResult, FloatResult, BoolResult
        ) -> Int32

    @Test func fittingFunctionIsTaken() {
        let action = Action(Self.spec, { _, _, _, _, _, _, _, _, _, _, _, _, _, _ in 0 } as Fitting)
        #expect(action.difference == nil)
    }

    @Test func plainFunctionsFitPlainDeclarations() {
        let none = ActionSpec("ping", .reads, summary: "s")
        #expect(Action(none, { _ in 0 } as @convention(c) (CallArgument) -> Int32).difference == nil)
        let rows = ActionSpec(
            "rows", .reads, .rows, summary: "s", results: [.init("id", summary: "s")])
        #expect(Action(rows, { _ in 0 } as @convention(c) (CallArgument) -> Int32).difference == nil)
    }

    @Test func anyOtherTypeIsRefused() {
        let spec = ActionSpec(
            "count", .reads, summary: "s", parameters: [OptionSpec("of", .int, .required, summary: "s")],
            results: [.init("count", .int, summary: "s")])
        let differences = [
            Action(spec, { _, _, _ in 0 } as @convention(c) (CallArgument, Int64, IntResult) -> Int32),
            Action(spec, { _, _, _ in 0 } as @convention(c) (CallArgument, Int32, IntResult) -> Int32),
            Action(spec, { _, _, _ in 0 } as @convention(c) (CallArgument, Double, IntResult) -> Int32),
            Action(spec, { _, _, _ in 0 } as @convention(c) (CallArgument, Int64, FloatResult) -> Int32),
            Action(spec, { _, _, _ in 0 } as @convention(c) (CallArgument, Int64, BoolResult) -> Int32),
            Action(spec, { _, _, _ in 0 } as @convention(c) (CallArgument, Int64, IntResult) -> Int64),
            Action(spec, { _, _ in 0 } as @convention(c) (CallArgument, Int64) -> Int32),
            Action(
                spec,
                { _, _, _, _ in 0 } as @convention(c) (CallArgument, Int64, IntResult, IntResult) -> Int32),
            Action(spec, { _, _, _ in 0 } as @convention(c) (IntResult, Int64, CallArgument) -> Int32),
            Action(spec, { _, _, _ in 0 } as (CallArgument, Int64, IntResult) -> Int32),
            Action(spec, 7),
        ].map(\.difference)
        #expect(differences[0] == nil)
        for (number, difference) in differences.enumerated().dropFirst() {
            #expect(
                difference?.hasPrefix("action 'count': declaration and function differ: expected") == true,
                "\(number)")
        }
    }

    @Test func substituteAnswersWithAnError() {
        let action = Action(Self.spec, 7)
        let substitute = unsafeBitCast(action.function, to: (@convention(c) (OpaquePointer?) -> Int32).self)
        #expect(substitute(nil) == Int32(HOST_INVALID_STATE))
    }

    @Test func signatureFollowsTheDeclaration() {
        #expect(
            ActionSignature(Self.spec).description
                == "host_status (host_call *, host_instance *, int32_t, const char *, int64_t, const host_text *, "
                + "int64_t, int64_t, double, int32_t, host_text *, int64_t *, double *, int32_t *)")
    }
}
