// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// The two streams. Results go to standard output, everything else to standard error.
enum Console {
    /// One line of the result. Half a result must not pass for a whole one, so a failure is told.
    static func print(_ line: String) throws(HostError) { try write(line + "\n") }

    static func print(_ lines: [String]) throws(HostError) {
        if !lines.isEmpty { try write(lines.joined(separator: "\n") + "\n") }
    }

    static func write(_ text: String) throws(HostError) {
        let code = put(text, STDOUT_FILENO)
        // A reader that goes away (`host ls | head`) has what it wanted; the end is as by SIGPIPE.
        if code == EPIPE { exit(128 + SIGPIPE) }
        guard code == 0 else {
            throw HostError(
                .io, "The result can't be written: \(String(cString: strerror(code))).",
                subject: "standard output",
                retry: .stop)
        }
    }

    /// Events for a program that may stop listening; the work goes on.
    static func tell(_ text: String) { _ = put(text, STDOUT_FILENO) }

    static func error(_ line: String) { raw(line + "\n") }

    static func error(_ lines: [String]) {
        if !lines.isEmpty { raw(lines.joined(separator: "\n") + "\n") }
    }

    /// Nothing can be done about a standard error that is closed.
    static func raw(_ text: String) { _ = put(text, STDERR_FILENO) }

    static func traits(_ descriptor: Int32) -> TerminalTraits {
        TerminalTraits(descriptor: descriptor, environment: ProcessInfo.processInfo.environment)
    }

    /// - Returns: 0, or the error's number.
    private static func put(_ text: String, _ descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let count = Foundation.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }
}
