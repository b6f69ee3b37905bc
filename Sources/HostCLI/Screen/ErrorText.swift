// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Errors and names as a terminal shows them: names and paths that are long are cut in their middle,
/// sentences are wrapped. A pipe gets both whole.
package struct ErrorText: Sendable {
    private let traits: TerminalTraits

    package init(_ traits: TerminalTraits) {
        self.traits = traits
    }

    /// - Parameter lead: stands before the first line; its leading spaces before all.
    package func lines(_ error: HostError, lead: String = "", indent: Int = 4) -> [String] {
        var error = error
        // A message that begins with the file it is about needs no second telling.
        error.subject = error.message.contains(error.subject) ? "" : short(error.subject)
        return wrapped(lead + error.description, indent: indent)
    }

    /// A name in at most half a line.
    package func short(_ name: String) -> String {
        let clean = CellText.cleaned(name)
        guard let width = traits.textWidth else { return clean }
        return CellText.cutInMiddle(clean, to: width / 2, mark: traits.cutMark)
    }

    /// Keeps the leading spaces of `text`, which splitting into words would take.
    package func wrapped(_ text: String, indent: Int = 0) -> [String] {
        let lead = text.prefix { $0 == " " }
        let lines = TextWrap.lines(
            String(text.dropFirst(lead.count)), width: traits.textWidth.map { $0 - lead.count },
            indent: max(0, indent - lead.count))
        return lines.map { lead + $0 }
    }
}
