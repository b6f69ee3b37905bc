// SPDX-License-Identifier: Apache-2.0

/// What a group of tests asks of a plugin; each level builds on those below it.
package enum Level: Int, CaseIterable, Sendable {
    case load = 0
    case describe
    case lifecycle
    case exporter
    case loader
    case roundTrip
    case faults
    case actions
    case fuzz
}
