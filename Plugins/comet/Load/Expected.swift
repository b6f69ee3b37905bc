// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What this load gave, for comparing it with what Comet has in the end. Texts are kept as hashes.
struct Expected {
    private(set) var parameters: [ExactText: UInt64] = [:]
    private(set) var others: [ExactText: UInt64] = [:]
    private(set) var tags: Set<ExactText> = []
    private(set) var points: [ExactText: Int64] = [:]
    /// Milliseconds since 1970: the latest time of any record.
    private(set) var latest: Int64?

    mutating func add(parameter name: String, _ value: Fragment) {
        parameters[ExactText(name)] = StableHash.of(value.bytes)
    }

    mutating func add(other name: String, _ value: Fragment) {
        others[ExactText(name)] = StableHash.of(value.bytes)
    }

    mutating func add(tags more: [String]) {
        for tag in more { tags.insert(ExactText(tag)) }
    }

    /// The number of points of this name before these.
    mutating func add(points count: Int64, _ name: String) -> Int64 {
        let before = points[ExactText(name)] ?? 0
        points[ExactText(name)] = before + count
        return before
    }

    mutating func see(_ milliseconds: Int64?) {
        guard let milliseconds else { return }
        latest = max(latest ?? .min, milliseconds)
    }
}
