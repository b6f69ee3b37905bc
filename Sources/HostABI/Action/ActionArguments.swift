// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// One argument of an action.
package enum ActionArgument: Sendable, Equatable {
    /// A text that was not given.
    case absent
    case value(OptionValue)
    /// Of a parameter that may be repeated.
    case texts([String])
}

/// What an action is called with.
package struct ActionArguments: Sendable, Equatable {
    /// Asks to say what would happen, and to do nothing; only for actions that can.
    package var isDryRun: Bool
    /// One for each parameter, in the order of the declaration.
    package var values: [ActionArgument]

    package init(_ values: [ActionArgument], isDryRun: Bool = false) {
        self.isDryRun = isDryRun
        self.values = values
    }

    /// Proves that each value is of its parameter's type, so that what reaches the function is what it takes.
    func check(_ spec: ActionSpec) throws(HostError) {
        guard values.count == spec.parameters.count else {
            throw HostError(
                .invalidState, "The action takes \(spec.parameters.count) arguments, not \(values.count).",
                subject: spec.name)
        }
        guard !isDryRun || spec.flags.contains(.dryRun) else {
            throw HostError(.invalidOption, "The action can't say what it would do.", subject: spec.name)
        }
        for (parameter, argument) in zip(spec.parameters, values) where !parameter.takes(argument) {
            throw HostError(
                .invalidOption, "The argument is not of the parameter's type.",
                subject: "\(spec.name) --\(parameter.name)")
        }
    }
}

extension OptionSpec {
    func takes(_ argument: ActionArgument) -> Bool {
        let isList = flags.contains(.list)
        return switch (kind, argument) {
        case (.text, .texts), (.path, .texts), (.url, .texts): isList
        case (.text, .absent), (.path, .absent), (.url, .absent): !isList && !flags.contains(.required)
        case (.text, .value(.text)), (.path, .value(.text)), (.url, .value(.text)): !isList
        case (.int, .value(.integer)): true
        case (.duration, .value(.integer(let number))), (.size, .value(.integer(let number))): number >= 0
        case (.bool, .value(.integer(let number))): number == 0 || number == 1
        case (.float, .value(.number)): true
        default: false
        }
    }
}
