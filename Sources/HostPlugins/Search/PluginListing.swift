// SPDX-License-Identifier: Apache-2.0

package import HostABI
package import HostRecords

/// One file that was found, and whether it can be used.
package struct PluginListing: Sendable {
    package enum State: Sendable, Equatable {
        case ok
        /// Of two with one name the first counts.
        case shadowed(by: String)
        /// In the user's folder, and not installed by host.
        case unlocked
        /// Not the file that was installed.
        case changed
        /// Somebody else could have changed it.
        case refused
        /// Not a plugin, or not one for this host.
        case broken

        package var label: String {
            switch self {
            case .ok: "ok"
            case .shadowed: "shadowed"
            case .unlocked: "not in lock"
            case .changed: "changed!"
            case .refused: "refused"
            case .broken: "broken"
            }
        }
    }

    /// What is known of it, from its descriptor or from the record of its installation.
    package struct Facts: Sendable {
        package var name: String
        package var version: String
        package var roles: Roles
        package var summary: String
    }

    package let candidate: PluginCandidate
    package let state: State
    package let facts: Facts?
    /// nil unless it had to be opened.
    package let library: PluginLibrary?
    package let manifest: PluginManifest?
    /// Why it can't be used.
    package let error: HostError?

    /// The name to show: also of one that can't be used.
    package var name: String { facts?.name ?? candidate.likelyName ?? candidate.path.lastOfPath }
}

extension PluginSearch {
    /// Every file that was found, in order of search. One that was installed is not opened: its record says
    /// what it is, and its bytes are those that the record was made of.
    package func listings() -> [PluginListing] {
        var first: [String: String] = [:]
        var listings: [PluginListing] = []
        for candidate in candidates() {
            let listing = listing(candidate, after: first)
            // One that can't be used holds its name too: the next of it does not take its place in silence.
            if let name = listing.facts?.name ?? candidate.likelyName, first[name] == nil {
                first[name] = candidate.path
            }
            listings.append(listing)
        }
        return listings
    }

    private func listing(_ candidate: PluginCandidate, after first: [String: String]) -> PluginListing {
        // Host's own are named as they call themselves, so a shadowed one need not be opened.
        if candidate.folder.place == .own, let name = candidate.likelyName, let path = first[name] {
            return shadowed(candidate, by: path, facts: nil, library: nil)
        }
        let manifest = PluginManifest.beside(candidate.path).flatMap { try? PluginManifest(path: $0) }
        do {
            let (facts, library) = try facts(of: candidate)
            if let path = first[facts.name] {
                return shadowed(candidate, by: path, facts: facts, library: library)
            }
            return PluginListing(
                candidate: candidate, state: .ok, facts: facts, library: library, manifest: manifest,
                error: nil)
        } catch {
            return PluginListing(
                candidate: candidate, state: state(of: candidate, error), facts: nil, library: nil,
                manifest: manifest, error: error)
        }
    }

    private func facts(
        of candidate: PluginCandidate
    ) throws(HostError) -> (PluginListing.Facts, PluginLibrary?) {
        if let record = candidate.record {
            _ = try check(candidate)
            return (
                PluginListing.Facts(
                    name: record.name, version: record.version, roles: record.roles, summary: record.summary),
                nil
            )
        }
        let library = try open(candidate)
        let facts = PluginListing.Facts(
            name: library.name, version: library.version, roles: library.roles, summary: library.summary)
        return (facts, library)
    }

    private func shadowed(
        _ candidate: PluginCandidate, by path: String, facts: PluginListing.Facts?, library: PluginLibrary?
    ) -> PluginListing {
        let name = facts?.name ?? candidate.likelyName ?? ""
        return PluginListing(
            candidate: candidate, state: .shadowed(by: path), facts: facts, library: library, manifest: nil,
            error: HostError(
                .conflict, "Shadowed: '\(name)' was found first in \(path).", subject: candidate.path))
    }

    private func state(of candidate: PluginCandidate, _ error: HostError) -> PluginListing.State {
        guard error.status == .forbidden else { return .broken }
        switch candidate.lock {
        case .missing: return .unlocked
        case .record(let record): return (try? record.fits(candidate.path)) == false ? .changed : .refused
        default: return .refused
        }
    }
}
