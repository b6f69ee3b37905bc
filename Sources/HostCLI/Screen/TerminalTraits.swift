// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What the place where text goes can show.
package struct TerminalTraits: Sendable, Equatable {
    /// Layouts are made for this width or more; a narrower terminal sees them cut.
    package static let narrowest = 40

    package var isTerminal: Bool
    package var columns: Int
    package var rows: Int
    /// Whether lines can be drawn again in place.
    package var movesCursor: Bool
    /// Stands for what was cut off.
    package var cutMark: String

    package init(
        isTerminal: Bool, columns: Int = 80, rows: Int = 24, movesCursor: Bool? = nil, cutMark: String = "…"
    ) {
        self.isTerminal = isTerminal
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        self.movesCursor = movesCursor ?? isTerminal
        self.cutMark = cutMark
    }

    /// Looks at a file descriptor and the environment. `COLUMNS` and `LINES` go before what the terminal
    /// says; `TERM=dumb` is a terminal that cannot redraw. There is no colour that `NO_COLOR` could turn
    /// off.
    package init(descriptor: Int32, environment: [String: String]) {
        let isTerminal = isatty(descriptor) == 1
        var size = winsize()
        let isKnown = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        self.init(
            isTerminal: isTerminal,
            columns: Self.count("COLUMNS", environment)
                ?? (isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80),
            rows: Self.count("LINES", environment) ?? (isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24),
            movesCursor: isTerminal && !["dumb", ""].contains(environment["TERM"] ?? ""),
            cutMark: Self.showsUTF8(environment) ? "…" : "~")
    }

    /// Cells of a line of text; nil where lines may have any length, as in a pipe.
    package var textWidth: Int? { isTerminal ? max(Self.narrowest, columns) : nil }

    private static func count(_ name: String, _ environment: [String: String]) -> Int? {
        environment[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The first of these that is set and not empty decides, as for the C library.
    private static func showsUTF8(_ environment: [String: String]) -> Bool {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let lower = locale.lowercased()
        return lower.contains("utf-8") || lower.contains("utf8")
    }
}
