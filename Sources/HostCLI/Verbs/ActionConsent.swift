// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostCore
internal import HostRecords

/// Asks the person at the terminal before something is deleted; where there is nobody, it refuses.
struct ActionConsent {
    private let session: ActionSession
    private let name: String

    init(_ session: ActionSession, name: String) {
        self.session = session
        self.name = name
    }

    /// Shows what the dry run says, if the action can tell, and returns when the answer is yes.
    func ask() throws(HostError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw HostError(
                .invalidOption, "The action deletes, and nobody is here to be asked.", subject: name,
                remedy: session.spec.flags.contains(.dryRun)
                    ? "Look with --dry-run, then give --yes." : "Give --yes.")
        }
        if session.spec.flags.contains(.dryRun) {
            let outcome = try session.call(isDryRun: true)
            Console.error(ActionText(Console.traits(STDERR_FILENO)).outcome(outcome, of: session.spec))
            if let failure = outcome.failure { throw failure }
        }
        let place = session.place.flatMap { $0.isEmpty ? nil : " at \($0)" } ?? ""
        Console.raw("\(session.spec.summary) Do it\(place)? [y/N] ")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw HostError(.cancelled, "Nothing was done.", subject: name, retry: .stop)
        }
    }
}
