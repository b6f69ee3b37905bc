// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// `--on-existing`: what to do with what the target already holds under a unit's key or name.
package enum ExistingPolicy: String, CaseIterable, Sendable {
    /// Finish what is incomplete, also what another tool left under the same name; leave what is complete.
    case resume
    /// Touch nothing that is there, unless this job began it.
    case skip
    /// Make anew what is there and not the same.
    case update
    /// A unit that is there already, and not begun by this job, fails.
    case fail
}

/// What to do with one unit.
package enum UnitDecision {
    case begin(BeginMode)
    /// It is complete already; the ledger takes it over.
    case adopt
    case skip(reason: String)
    case fail(HostError)
}

extension ExistingPolicy {
    /// - Parameter isOurs: this job's ledger has begun the unit before.
    package func decide(_ found: Found, revision: String, isOurs: Bool) -> UnitDecision {
        switch found.state {
        case .nothing: return .begin(.new)
        case .partial, .broken:
            let mode: BeginMode = found.state == .partial ? .continue : .replace
            if isOurs { return .begin(mode) }
            switch self {
            case .resume: return .begin(mode)
            case .update: return .begin(.replace)
            case .skip: return .skip(reason: "there already, incomplete: \(found.note)")
            case .fail: return .fail(conflict(found, "It is in the target already, incomplete"))
            }
        case .complete:
            let isSame = found.revision == revision
            switch self {
            case .resume: return isSame ? .adopt : .begin(.continue)
            case .update: return isSame ? .adopt : .begin(.replace)
            case .skip: return .skip(reason: "there already, complete")
            case .fail: return isOurs && isSame ? .adopt : .fail(conflict(found, "It is in the target already"))
            }
        case .foreign:
            switch self {
            case .resume: return .begin(.continue)
            case .update: return .begin(.replace)
            case .skip: return .skip(reason: "the target has one of that name: \(found.note)")
            case .fail: return .fail(conflict(found, "The target has one of that name, not made by this tool"))
            }
        }
    }

    private func conflict(_ found: Found, _ what: String) -> HostError {
        let note = found.note.isEmpty ? "" : " (\(found.note))"
        return HostError(
            .conflict, "\(what)\(note).", subject: found.target,
            remedy: "Choose --on-existing resume, skip or update.")
    }
}
