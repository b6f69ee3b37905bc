// SPDX-License-Identifier: Apache-2.0

/// How a suite is run.
package struct ConformanceSettings: Sendable {
    /// The highest level that is run.
    package var level = Level.fuzz
    /// Names of tests; empty: all.
    package var tests: [String] = []
    /// Brings the same rows, kills and random values back.
    package var seed: UInt64 = 1
    /// Seconds that one test may take.
    package var timeLimit: Double = 120
    package var fuzzSeconds: Double = 5
    /// For a debugger: no child processes.
    package var isInProcess = false
    /// The program that runs as a child; nil: this one.
    package var executable: String?

    package init() {}
}
