// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// A declaration and its function: what a plugin offers beside moving records.
///
///     let greet = Action(
///         ActionSpec(
///             "greet", .reads, role: .loader, summary: "Greets somebody.",
///             parameters: [OptionSpec("name", .text, .required, summary: "Whom.")],
///             results: [.init("greeting", summary: "What was said.")]),
///         { call, instance, name, size, greeting in
///             Action.answer(call, instance) { (loader: MyLoader, call) throws(HostError) in
///                 greeting.set(try loader.greet(Action.text(name, size), call))
///             }
///         } as @convention(c) (CallArgument, InstanceArgument, TextArgument, Int64, TextResult) -> Int32)
///
/// The type behind `as` is what the declaration demands, in the order of `action.h`. The kit compares the
/// two: a function of another type is never called.
public struct Action: Sendable {
    public let spec: ActionSpec
    let function: host_action_function
    /// What the declaration demands and what the function is, when these differ.
    let difference: String?

    public init<Function>(_ spec: ActionSpec, _ function: Function) {
        self.spec = spec
        let demanded = ActionSignature(spec).swiftName
        let found = String(reflecting: Function.self)
        guard demanded == found, MemoryLayout<Function>.size == MemoryLayout<host_action_function>.size else {
            self.function = ActionMismatch.function
            difference =
                "action '\(spec.name)': declaration and function differ: expected \(demanded), found \(found)"
            return
        }
        // Proved above: a pointer to a C function.
        self.function = unsafeBitCast(function, to: host_action_function.self)
        difference = nil
    }
}

extension ActionSignature {
    /// The type of a function with this signature, as the runtime prints it.
    var swiftName: String {
        let names = words.map { String(reflecting: $0.swiftType) }
        return "@convention(c) (\(names.joined(separator: ", "))) -> \(String(reflecting: host_status.self))"
    }
}

extension ActionSignature.Word {
    fileprivate var swiftType: Any.Type {
        switch self {
        case .call: CallArgument.self
        case .instance: InstanceArgument.self
        case .dryRun, .truth: Int32.self
        case .integer, .count: Int64.self
        case .number: Double.self
        case .text: TextArgument.self
        case .list: TextsArgument.self
        case .integerResult: IntResult.self
        case .numberResult: FloatResult.self
        case .truthResult: BoolResult.self
        case .textResult: TextResult.self
        }
    }
}
