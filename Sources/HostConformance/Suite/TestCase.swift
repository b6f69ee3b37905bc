// SPDX-License-Identifier: Apache-2.0

/// Everything a child needs to know; it comes through a pipe, since options may be secrets.
struct TestCase: Sendable, Codable {
    var library: String
    var test: String
    /// Tests of several processes name what this one is to do.
    var stage = ""
    var parameters: [String: String] = [:]
    var seed: UInt64
    /// A folder of the test's own, which exists.
    var scratch: String
    /// Seconds after which the parent ends the child.
    var timeLimit: Double
    var fuzzSeconds: Double
    var setup: ConformanceSetup
    var briefing: Briefing
}

/// What a child said until it ended.
struct StageResult: Sendable {
    var findings: [Finding] = []
    /// The numbers told durable, in order.
    var acknowledged: [UInt64] = []
    /// Calls that were begun, in order.
    var calls: [String] = []
    var values: [String: String] = [:]
    var note = ""
    var wasKilled = false

    /// The last number told durable.
    var durable: UInt64 { acknowledged.last ?? 0 }
}
