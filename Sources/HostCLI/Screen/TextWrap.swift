// SPDX-License-Identifier: Apache-2.0

/// Text in lines of a width, with the lines after the first indented.
package enum TextWrap {
    /// - Parameter width: nil for one line of any length.
    package static func lines(_ text: String, width: Int?, indent: Int = 0) -> [String] {
        let clean = CellText.cleaned(text)
        guard let width else { return [clean] }
        var lines: [String] = []
        var line = ""
        for word in clean.split(separator: " ") {
            var rest = word
            if !line.isEmpty && CellText.width(line) + 1 + CellText.width(String(word)) <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = lines.isEmpty ? "" : String(repeating: " ", count: indent)
            // A word longer than a line, a path mostly, is broken: nothing of a report is cut off.
            while CellText.width(line + rest) > width,
                let (head, tail) = broken(rest, at: width - CellText.width(line))
            {
                lines.append(line + head)
                line = String(repeating: " ", count: indent)
                rest = tail
            }
            line += rest
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }

    private static func broken(_ word: Substring, at cells: Int) -> (head: Substring, tail: Substring)? {
        var used = 0
        let head = word.prefix { character in
            used += CellText.width(character)
            return used <= cells
        }
        return head.isEmpty ? nil : (head, word[head.endIndex...])
    }
}
