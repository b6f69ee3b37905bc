// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// Stands in for functions that differ from their declarations.
enum ActionMismatch {
    /// Set once, when the plugin's table is made; read by all threads after that.
    nonisolated(unsafe) static var differences: [String] = []

    /// Looks at its first argument alone, which every action has: the others are passed as the declaration
    /// says, in registers and on the caller's side of the stack.
    static let function = unsafeBitCast(refuse, to: host_action_function.self)

    private static let refuse: @convention(c) (OpaquePointer?) -> host_status = { call in
        barrier(call) { call throws(HostError) in
            throw HostError(
                .invalidState, ActionMismatch.differences.joined(separator: "; "),
                remedy: "Make the plugin's function fit its declaration.", retry: .stop)
        }
    }
}
