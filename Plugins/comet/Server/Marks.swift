// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The "others" by which an experiment is known again, and which tell where it came from. Comet keeps the
/// last value of each, so that writing one again does no harm.
enum Mark {
    static let prefix = "host."
    /// One of the words below.
    static let state = "host.state"
    static let points = "host.points"
    static let unit = "host.unit"
    static let revision = "host.revision"
    /// Which job wrote which revision, as a hash.
    static let begun = "host.begun"
    /// On a unit's first experiment: the number of the attempt that counts.
    static let attempt = "host.attempt"
    /// Comet shows it as the experiment's name.
    static let name = "Name"

    static let incomplete = "incomplete"
    static let complete = "complete"
    static let replaced = "replaced"
    /// Nobody watches over an upload of an archive, so whether all of it arrived is not known.
    static let fromArchive = "from an archive"

    /// A field of the source that would take the place of one of ours.
    static func isReserved(_ name: String) -> Bool { name.hasPrefix(prefix) || name == self.name }

    /// Where the unit comes from.
    static func origin(_ unit: UnitInfo) -> [(name: String, value: String)] {
        var marks: [(name: String, value: String)] = [
            (unit.name == nil ? "" : "host.id", unit.ref.id), ("host.project", unit.ref.project),
            ("host.source", unit.source), ("host.job", unit.job), ("host.group", unit.group ?? ""),
            ("host.owner", unit.owner ?? ""), ("host.source.state", unit.state ?? ""),
            ("host.parent", unit.parent ?? ""), ("host.fork.parent", unit.forkParent ?? ""),
            ("host.fork.step", unit.forkStep?.description ?? ""),
            ("host.parent.experiment", unit.parentTarget ?? ""),
        ]
        if let created = unit.created {
            marks.append(("host.created", UTCTime(milliseconds: created).isoText))
        }
        return marks.filter { !$0.name.isEmpty && !$0.value.isEmpty }
    }
}

/// Which points the experiment certainly has. Writing points is not repeatable, so before the first of them
/// leaves the mark says `open`, and after all were acknowledged it says how many there are up to which batch.
struct PointsMark: Equatable {
    private struct Entry: Equatable {
        let sequence: UInt64
        let points: Int64
    }

    /// Older ones are of no use: a ledger lags by one step.
    private static let maxEntries = 8

    private var entries = [Entry(sequence: 0, points: 0)]

    init() {}

    /// nil when points were under way, or the text is none of ours.
    init?(_ text: String) {
        entries = []
        for word in text.split(separator: " ") {
            let numbers = word.split(separator: ":")
            guard numbers.count == 2, let sequence = UInt64(numbers[0]), let points = Int64(numbers[1]) else {
                return nil
            }
            entries.append(Entry(sequence: sequence, points: points))
        }
        guard !entries.isEmpty else { return nil }
    }

    static let open = "open"

    var text: String { entries.map { "\($0.sequence):\($0.points)" }.joined(separator: " ") }
    var points: Int64 { entries.last?.points ?? 0 }

    mutating func add(_ points: Int64, upTo sequence: UInt64) {
        entries.append(Entry(sequence: sequence, points: points))
        entries.removeFirst(max(0, entries.count - Self.maxEntries))
    }

    /// How many of the points behind this batch the experiment has already; nil when that is not known.
    func points(after sequence: UInt64) -> Int64? {
        entries.last { $0.sequence <= sequence }.map { points - $0.points }
    }
}
