// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What an action answered.
package struct ActionOutcome: Sendable {
    /// In the order of the declaration; empty for an action that yields rows, and for one that failed.
    package var results: [OptionValue]
    /// Cells by column; nil is an empty one. An action that failed may have given some before.
    package var rows: [[OptionValue?]]
    /// Why the function did not return HOST_OK.
    package var failure: HostError?

    package init(results: [OptionValue] = [], rows: [[OptionValue?]] = [], failure: HostError? = nil) {
        self.results = results
        self.rows = rows
        self.failure = failure
    }
}
