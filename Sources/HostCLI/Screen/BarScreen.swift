// SPDX-License-Identifier: Apache-2.0

/// The progress screen: at most eight lines, drawn again in place.
///
/// Each call answers the bytes for the terminal, to be written by one call: a frame is then never seen half
/// drawn.
package struct BarScreen: Sendable {
    /// Five frames a second.
    private static let secondsPerFrame = 0.2
    private static let eraseBelow = "\u{1B}[J"
    private static let eraseToEnd = "\u{1B}[K"

    /// May be renewed when the window changes its size.
    package var traits: TerminalTraits
    private var timeLeft = TimeLeft()
    private var rates = RateMeter()
    private var drawn: [String] = []
    private var drawnAt = -Double.infinity

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    /// The next frame; nil when it is too early or when nothing changed.
    ///
    /// - Parameter isLast: draw whatever the clock says.
    package mutating func frame(_ snapshot: RunSnapshot, isLast: Bool = false) -> String? {
        guard isLast || snapshot.elapsed - drawnAt >= Self.secondsPerFrame else { return nil }
        drawnAt = snapshot.elapsed
        let left = timeLeft.update(
            elapsed: snapshot.elapsed, done: snapshot.unitsDone, total: snapshot.unitsTotal)
        let lines = BarLayout(traits, secondsLeft: left, rowsPerSecond: rates.update(snapshot)).lines(
            snapshot)
        return draw(lines)
    }

    /// Takes the screen away, so that a message can be printed; the next frame stands below it.
    package mutating func cleared() -> String {
        defer { drawn = [] }
        drawnAt = -.infinity
        return drawn.isEmpty ? "" : home + Self.eraseBelow
    }

    private mutating func draw(_ lines: [String]) -> String? {
        if lines == drawn { return nil }
        var text = home
        for (index, line) in lines.enumerated() {
            if index >= drawn.count || drawn[index] != line {
                text += line
                // In the last column some terminals would erase the character just written.
                if CellText.width(line) < traits.columns { text += Self.eraseToEnd }
            }
            text += "\r\n"
        }
        if lines.count < drawn.count { text += Self.eraseBelow }
        drawn = lines
        return text
    }

    private var home: String { drawn.isEmpty ? "" : "\u{1B}[\(drawn.count)A\r" }
}
