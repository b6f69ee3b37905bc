// SPDX-License-Identifier: Apache-2.0

/// What a group of tests asks of a plugin; each level builds on those below it.
package enum Level: Int, CaseIterable, Sendable, Comparable, Codable {
    case load = 0
    case describe
    case lifecycle
    case exporter
    case loader
    case roundTrip
    case faults
    case actions
    case fuzz

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var label: String {
        switch self {
        case .load: "load"
        case .describe: "describe"
        case .lifecycle: "lifecycle"
        case .exporter: "exporter"
        case .loader: "loader"
        case .roundTrip: "round trip"
        case .faults: "faults"
        case .actions: "actions"
        case .fuzz: "fuzz"
        }
    }
}
