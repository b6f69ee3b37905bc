// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// The words of `--progress`.
package enum ProgressMode: String, Sendable, CaseIterable {
    case auto, bar, plain, json, none

    /// `auto` is the bar where it can be redrawn, else plain lines; a bar that cannot be redrawn is plain
    /// too.
    package func resolved(for traits: TerminalTraits) -> ProgressMode {
        switch self {
        case .auto: traits.movesCursor ? .bar : .plain
        case .bar where !traits.movesCursor: .plain
        default: self
        }
    }
}

/// Seconds between two lines of plain or JSON progress.
package enum ProgressInterval {
    package static let variable = "HOST_PROGRESS_INTERVAL"
    package static let standard: Double = 30

    package static func read(_ environment: [String: String]) throws(HostError) -> Double {
        guard let text = environment[variable], !text.isEmpty else { return standard }
        guard let seconds = Double(text), seconds > 0, seconds.isFinite else {
            throw HostError(
                .invalidOption, "\"\(text)\" is not a number of seconds above 0.", subject: variable,
                remedy: "Give seconds, as in \(variable)=10.")
        }
        return seconds
    }
}
