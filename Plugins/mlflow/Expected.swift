// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What this load put into the run, for comparing it with what the server says at the end. Texts are kept as
/// hashes: a run may have many.
struct Expected {
    enum Param {
        case new
        /// There already, with this value.
        case same
        /// There already, the value written in another way.
        case otherSpelling
        /// Sent before by this load, with another value.
        case differs
    }

    /// Rows of an earlier load are there too, and how many is not known: counts are lower bounds.
    let isOpenEnded: Bool
    /// What the run had when it was taken up, in the server's words.
    private var earlier: [String: UInt64] = [:]
    /// Our spelling of params that the run has in another one.
    private var spelled: [String: UInt64] = [:]
    private(set) var params: [String: UInt64] = [:]
    private(set) var tags: [String: UInt64] = [:]
    private(set) var points: [String: Int] = [:]
    /// Sizes of files by their directory and name.
    private(set) var files: [String: [String: Int64]] = [:]
    /// Milliseconds since 1970; the latest time of any record.
    private(set) var latest: Int64?

    init() { isOpenEnded = false }

    init(continuing open: OpenRun, _ found: Found, _ resumeAfter: UInt64) {
        isOpenEnded = resumeAfter > 0 || found.state != .partial
        for param in open.run.params {
            guard let name = param["key"]?.text else { continue }
            earlier[name] = StableHash.of(param["value"]?.text ?? "")
        }
    }

    /// A param of MLflow never changes its value. `other`: a spelling that a run taken over may have instead.
    mutating func add(param name: String, _ value: String, orElse other: String) throws(HostError) -> Param {
        let hash = StableHash.of(value)
        if let known = spelled[name] ?? params[name] { return known == hash ? .same : .differs }
        guard let there = earlier[name] else {
            params[name] = hash
            return .new
        }
        guard there == hash || there == StableHash.of(other) else {
            throw HostError(
                .conflict, "The run has this param with another value, and MLflow lets no param change.",
                subject: "param \(name)", remedy: "Choose --on-existing update: the run is then made anew.")
        }
        params[name] = there
        guard there != hash else { return .same }
        spelled[name] = hash
        return .otherSpelling
    }

    mutating func add(tag name: String, _ value: String) {
        tags[name] = StableHash.of(value)
    }

    mutating func add(points count: Int, _ name: String) {
        points[name, default: 0] += count
    }

    mutating func add(file path: String, size: Int64) {
        let parts = path.splitLast
        files[parts.directory, default: [:]][parts.name] = size
    }

    mutating func see(_ milliseconds: Int64) {
        if milliseconds > latest ?? .min { latest = milliseconds }
    }
}

extension String {
    /// What stands before and after the last slash.
    var splitLast: (directory: String, name: String) {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", self) }
        return (String(self[..<slash]), String(self[index(after: slash)...]))
    }
}
