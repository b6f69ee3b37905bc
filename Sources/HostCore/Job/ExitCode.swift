// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Exit codes tell a script what to do next; they are part of the command's stable interface.
package enum ExitCode {
    package static let done: Int32 = 0
    package static let differences: Int32 = 1
    /// `plan`: there is something to do.
    package static let pending: Int32 = 2
    package static let usage: Int32 = 64
    /// Finished, but units failed for good or data was refused.
    package static let data: Int32 = 65
    package static let unavailable: Int32 = 69
    package static let bug: Int32 = 70
    package static let cannotCreate: Int32 = 73
    /// Stopped early: the same command goes on.
    package static let again: Int32 = 75
    package static let noPermission: Int32 = 77
    package static let configuration: Int32 = 78

    /// For an error that ends the command.
    package static func of(_ error: HostError) -> Int32 {
        switch error.status {
        case .invalidOption: usage
        case .auth, .forbidden: noPermission
        case .unavailable, .timeout, .rateLimited: unavailable
        case .invalidState, .internal: bug
        case .io: cannotCreate
        case .cancelled: 130
        case .conflict: again
        case .notFound, .unsupported: usage
        default: data
        }
    }
}
