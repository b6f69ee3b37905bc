// SPDX-License-Identifier: Apache-2.0

/// What a run of the suite came to.
package struct ConformanceReport: Sendable {
    package var library: String
    package var name: String
    package var version: String
    package var seed: UInt64
    package var results: [TestResult]
    /// Only some tests were asked for: then no level can be told.
    package var isPartial: Bool
    package var seconds: Double

    package init(
        library: String, name: String, version: String, seed: UInt64, results: [TestResult], isPartial: Bool,
        seconds: Double
    ) {
        self.library = library
        self.name = name
        self.version = version
        self.seed = seed
        self.results = results
        self.isPartial = isPartial
        self.seconds = seconds
    }

    /// The highest level below and in which nothing failed, gaps not counted as failures; nil: not even the first.
    ///
    /// A level all of whose tests were skipped is passed on the way, and does not count as reached by itself.
    package var level: Level? {
        if isPartial { return nil }
        var reached: Level?
        for level in Level.allCases {
            let own = results.filter { $0.level == level }
            if own.contains(where: { $0.outcome.isFailure }) { break }
            if own.contains(where: { $0.outcome.isPass }) { reached = level }
        }
        return reached
    }

    package var failures: Int { results.count { $0.outcome.isFailure } }
    package var passes: Int { results.count { $0.outcome.isPass } }
    package var gaps: Int { results.count { if case .gap = $0.outcome { true } else { false } } }
    package var skipped: Int { results.count { if case .skipped = $0.outcome { true } else { false } } }
    package var closedGaps: Int { results.count { if case .gapClosed = $0.outcome { true } else { false } } }
}

extension Outcome {
    package var isFailure: Bool { if case .failed = self { true } else { false } }

    package var isPass: Bool {
        switch self {
        case .passed, .gapClosed: true
        default: false
        }
    }

    package var findings: [Finding] {
        switch self {
        case .failed(let findings), .gap(_, let findings): findings
        default: []
        }
    }
}
