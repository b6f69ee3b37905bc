// SPDX-License-Identifier: Apache-2.0

/// What the frames between host and worker mean. The host calls; while a call runs, the worker asks for services on
/// the same channel, and the call ends with one of the answers. So the thread that calls is the thread that serves.
enum Message: UInt32 {
    // Calls of the host.
    case describe = 1, open, check, list, paths, read, next, closeReader, blob, limits, find, begin, write, flush
    case commit, end, call

    // Answers of the worker to a call, and of the host to a request.
    case ok = 100, failed, ended

    // From the worker, while a call runs. Those before `await` have no answer.
    case log = 200, loss, protect, submit, forget
    case await, openBlob

    /// The name of the plugin's function, for error messages.
    var label: String {
        switch self {
        case .closeReader: "close_reader"
        case .call: "action"
        default: "\(self)"
        }
    }
}
