// SPDX-License-Identifier: Apache-2.0

internal import CHost
package import HostRecords

/// Calls an action so that a declaration that does not fit its function shows: in the findings, or by the end
/// of the process. Meant for a process that may end.
package struct ActionCanary {
    package enum Values: Sendable {
        /// Those that a user would leave as they are: defaults, and plain ones where there is none.
        case natural
        /// Marked ones: numbers whose bytes are no address, texts that end at a page that can't be read.
        case marked
    }

    package enum Finding: Sendable, Equatable {
        /// More was written than the result's type has room for.
        case guardOverwritten(result: String)
        /// HOST_OK was returned and the result is as it was.
        case notWritten(result: String)
        /// Less was written than the type is wide.
        case partlyWritten(result: String)
        /// What was written can't be read as the declared type.
        case unreadable(result: String, why: String)
        /// A row that the host refuses, although HOST_OK was returned.
        case refusedRow(why: String)

        package var text: String {
            switch self {
            case .guardOverwritten(let name): "result '\(name)': more was written than its type is wide"
            case .notWritten(let name): "result '\(name)': not set, although HOST_OK was returned"
            case .partlyWritten(let name): "result '\(name)': less was written than its type is wide"
            case .unreadable(let name, let why): "result '\(name)': \(why)"
            case .refusedRow(let why): "a row was refused: \(why)"
            }
        }
    }

    package struct Report: Sendable {
        package let findings: [Finding]
        /// What the function answered; marked values make many functions fail, which is no finding.
        package let failure: HostError?
        package let rows: Int
    }

    /// - Parameter index: of the action in the description. One that changes something is called only if it
    ///   can
    ///   say what it would do, and is asked just that.
    /// - Parameter options: of the endpoint, for an action that works on an instance.
    package static func run(
        action index: Int, of library: PluginLibrary, values: Values, at options: OptionValues?,
        context: CallContext
    ) throws(HostError) -> Report {
        guard case .inProcess(let tables) = library.backend else {
            throw HostError(
                .invalidState, "Canaries need the plugin in their own process.", subject: library.path)
        }
        let action = try DirectAction(tables, index)
        let isDryRun = action.spec.flags.contains(.dryRun)
        guard isDryRun || action.spec.effect == .reads else {
            throw HostError(
                .unsupported, "The action changes things and can't say what it would do; it is not called.",
                subject: action.spec.name)
        }
        let arguments = ActionArguments(
            action.spec.parameters.map { values.value(of: $0) }, isDryRun: isDryRun)
        try arguments.check(action.spec)
        return try action.withInstance(at: options, context) { instance throws(HostError) in
            try call(action, arguments, instance, context)
        }
    }

    private static func call(
        _ action: DirectAction, _ arguments: ActionArguments, _ instance: OpaquePointer?,
        _ context: CallContext
    ) throws(HostError) -> Report {
        let memory = try GuardedMemory()
        defer { memory.retire() }
        var frame = ActionFrame(
            action.spec, arguments, call: context.pointer, instance: instance, memory: memory)
        // A function that takes more than is declared finds these: each use of one ends the process.
        frame.add(
            [ActionFrame.Slot](repeating: .pointer(UnsafeRawPointer(memory.trap)), count: 8)
                + [ActionFrame.Slot](repeating: .double(Marks.number), count: 8))
        let rows = ActionRows(action.spec.results)
        let status = try action.status(of: frame, rows, context)
        do throws(HostError) {
            try context.check(status, action.spec.name)
        } catch {
            return Report(findings: guards(action.spec, memory), failure: error, rows: rows.rows.count)
        }
        let cells = findings(action.spec, frame, memory)
        let refused = rows.refusal.map { [Finding.refusedRow(why: $0.message)] } ?? []
        return Report(findings: cells + refused, failure: nil, rows: rows.rows.count)
    }

    private static func guards(_ spec: ActionSpec, _ memory: GuardedMemory) -> [Finding] {
        guard !spec.flags.contains(.rows) else { return [] }
        return spec.results.enumerated().compactMap { index, result in
            memory.state(index).isGuardWhole ? nil : .guardOverwritten(result: result.name)
        }
    }

    private static func findings(_ spec: ActionSpec, _ frame: ActionFrame, _ memory: GuardedMemory)
        -> [Finding]
    {
        guard !spec.flags.contains(.rows) else { return [] }
        var findings = guards(spec, memory)
        for (index, result) in spec.results.enumerated() {
            let state = memory.state(index)
            if state.unwrittenWords == state.words {
                findings.append(.notWritten(result: result.name))
            } else if state.unwrittenWords > 0 {
                findings.append(.partlyWritten(result: result.name))
            } else {
                do throws(HostError) {
                    _ = try frame.value(result, at: index)
                } catch {
                    findings.append(.unreadable(result: result.name, why: error.message))
                }
            }
        }
        return findings
    }
}

/// Values whose bytes, taken for a pointer, are no address of a user's process on any machine of ours, and
/// which no function comes upon by itself.
private enum Marks {
    static let integer: Int64 = 0x7FE1_C0DE_5AFE_D00D
    static let number = Double(bitPattern: 0x7FE2_C0DE_5AFE_D00D)
}

extension ActionCanary.Values {
    func value(of parameter: OptionSpec) -> ActionArgument {
        let isText = [.text, .path, .url].contains(parameter.kind)
        if isText, parameter.flags.contains(.list) {
            return .texts(self == .marked ? ["c\u{E4}nary", "", "canary-2"].map { text(parameter, $0) } : [])
        }
        if self == .natural, isText, parameter.defaultValue == nil, !parameter.flags.contains(.required) {
            return .absent
        }
        switch parameter.kind {
        case .text, .path, .url:
            return .value(
                .text(
                    self == .natural
                        ? parameter.defaultValue ?? text(parameter, "x") : text(parameter, "c\u{E4}nary")))
        case .int, .duration, .size:
            let number =
                parameter.defaultValue.flatMap { Int64($0) } ?? parameter.choices.first.flatMap { Int64($0) }
            return .value(.integer(self == .natural ? number ?? 1 : Marks.integer))
        case .float:
            let number = parameter.defaultValue.flatMap { Double($0) }
            return .value(.number(self == .natural ? number ?? 1 : Marks.number))
        case .bool:
            let isTrue = self == .marked || parameter.defaultValue == "true"
            return .value(.integer(isTrue ? 1 : 0))
        }
    }

    /// One that satisfies the parameter's own rule.
    private func text(_ parameter: OptionSpec, _ text: String) -> String {
        switch parameter.kind {
        case _ where !parameter.choices.isEmpty: parameter.choices[0]
        case .path: "/nonexistent/\(text)"
        case .url: "http://127.0.0.1:9/canary"
        default: text
        }
    }
}
