// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// All that a run was asked to do.
package struct JobSettings: Sendable {
    package var name: String
    /// Where the ledger, the log and the report lie.
    package var folder: String
    package var from: Endpoint
    package var to: Endpoint
    package var fromOptions: [String]
    package var toOptions: [String]
    package var selection: Selection
    package var transfers: Int
    package var stepScale: StepScale
    package var onExisting: ExistingPolicy
    package var isFresh: Bool
    /// Tries of a unit that failed for a passing reason.
    package var attempts: Int

    package init(
        name: String, folder: String, from: Endpoint, to: Endpoint, fromOptions: [String] = [],
        toOptions: [String] = [], selection: Selection, transfers: Int = 4, stepScale: StepScale,
        onExisting: ExistingPolicy = .resume, isFresh: Bool = false, attempts: Int = 3
    ) {
        self.name = name
        self.folder = folder
        self.from = from
        self.to = to
        self.fromOptions = fromOptions
        self.toOptions = toOptions
        self.selection = selection
        self.transfers = transfers
        self.stepScale = stepScale
        self.onExisting = onExisting
        self.isFresh = isFresh
        self.attempts = attempts
    }

    /// The source as it is written into targets: without options, which may be secret.
    package var sourceLabel: String {
        from.location.isEmpty ? from.plugin : "\(from.plugin):\(from.location)"
    }

    package var targetLabel: String {
        to.location.isEmpty ? to.plugin : "\(to.plugin):\(to.location)"
    }
}
