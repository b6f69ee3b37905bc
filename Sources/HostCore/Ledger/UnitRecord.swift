// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Names one unit of the source in the ledger, as it does at the border.
package typealias UnitKey = UnitRef

/// One row of `units/1` as the ledger keeps it. Times are milliseconds since 1970 UTC.
package struct UnitRecord: Sendable, Equatable {
    package var key: UnitKey
    package var name: String?
    package var group: String?
    /// The source's word: running, finished, failed, killed.
    package var state: String?
    package var owner: String?
    package var parent: String?
    package var forkParent: String?
    package var forkStep: Int64?
    package var forkMillionths: Int32?
    package var created: Int64?
    package var started: Int64?
    package var ended: Int64?
    package var archived: Bool
    package var revision: String
    /// An estimate by the source.
    package var rows: Int64?

    package init(
        key: UnitKey, name: String? = nil, group: String? = nil, state: String? = nil, owner: String? = nil,
        parent: String? = nil, forkParent: String? = nil, forkStep: Int64? = nil,
        forkMillionths: Int32? = nil,
        created: Int64? = nil, started: Int64? = nil, ended: Int64? = nil, archived: Bool = false,
        revision: String = "", rows: Int64? = nil
    ) {
        self.key = key
        self.name = name
        self.group = group
        self.state = state
        self.owner = owner
        self.parent = parent
        self.forkParent = forkParent
        self.forkStep = forkStep
        self.forkMillionths = forkMillionths
        self.created = created
        self.started = started
        self.ended = ended
        self.archived = archived
        self.revision = revision
        self.rows = rows
    }
}

/// How far the job is with a unit. The raw values are stored.
package enum UnitState: String, Sendable, Codable, CaseIterable {
    case seen
    /// Begun in the target and not yet committed, in this process or in one that was stopped.
    case running
    case complete
    case failed
    case skipped
}

/// What the ledger already knew when a unit was listed.
package struct Sighting: Sendable, Equatable {
    package var state: UnitState
    /// The source's revision that the work so far belongs to; nil before the unit was first begun.
    package var storedRevision: String?

    package init(state: UnitState, storedRevision: String? = nil) {
        self.state = state
        self.storedRevision = storedRevision
    }
}

/// A unit with all that the ledger knows of it.
package struct StoredUnit: Sendable {
    /// Position in the order of first listing, from 1; the cursor of `Ledger.units`.
    package var number: Int64
    package var record: UnitRecord
    package var state: UnitState
    package var storedRevision: String?
    package var targetID: String?
    package var targetURL: String?
    package var attempts: Int
    /// Of the last complete attempt.
    package var seconds: Double?
    /// Why it was skipped.
    package var reason: String?
    /// Why it failed.
    package var failure: HostError?
}
