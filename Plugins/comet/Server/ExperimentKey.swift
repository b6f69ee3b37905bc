// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The key of a unit's experiment, made before the experiment is: so it is found again without a search.
///
/// Keys are unique in all of Comet, and one source may be moved to two workspaces or projects: these are part
/// of it. A further attempt has a key of its own, since nobody promises that a deleted one can be used again.
struct ExperimentKey: Equatable {
    let base: String
    /// From 1.
    let attempt: Int

    init(_ unit: UnitInfo, workspace: String, project: String) {
        base = WideHash.hex(["comet", workspace, project, unit.key])
        attempt = 1
    }

    private init(base: String, attempt: Int) {
        self.base = base
        self.attempt = attempt
    }

    /// Letters and digits alone, 32 to 50 of them, is what Comet takes.
    var text: String { attempt == 1 ? base : "\(base)r\(attempt)" }

    func attempt(_ number: Int) -> ExperimentKey { ExperimentKey(base: base, attempt: number) }
    var next: ExperimentKey { attempt(attempt + 1) }
}
