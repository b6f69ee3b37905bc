// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The three streams. Results go to standard output, everything else to standard error.
enum Console {
    static func print(_ line: String) { write(line + "\n", to: .standardOutput) }
    static func error(_ line: String) { write(line + "\n", to: .standardError) }
    static func raw(_ text: String) { write(text, to: .standardError) }

    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
