// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A question that a person answers at the terminal.
enum PluginQuestion {
    /// Returns when the answer is yes. Without a terminal nobody could be asked, and `--yes` is needed.
    static func ask(_ question: String, isAnswered: Bool) throws(HostError) {
        if isAnswered { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw HostError(
                .invalidOption, "There is no terminal to ask at: \(question)", remedy: "Give --yes.")
        }
        Console.raw("\(question) [y/N] ")
        guard ["y", "yes"].contains(readLine()?.lowercased()) else {
            throw HostError(.cancelled, "Nothing was changed.")
        }
    }
}
