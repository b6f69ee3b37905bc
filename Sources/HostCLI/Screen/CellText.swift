// SPDX-License-Identifier: Apache-2.0

/// Text measured in the cells of a terminal.
package enum CellText {
    /// Names come from foreign data: what could move the cursor, or turn the writing direction, becomes `?`.
    package static func cleaned(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isUnsafe($0) ? "?" : $0 }))
    }

    package static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// The text in at most `cells` cells; what is cut off is shown by `mark`.
    package static func cut(_ text: String, to cells: Int, mark: String = "…") -> String {
        if width(text) <= cells { return text }
        let room = cells - width(mark)
        if room < 0 { return "" }
        var used = 0
        let head = text.prefix { character in
            used += width(character)
            return used <= room
        }
        return head + mark
    }

    /// The text in at most `cells` cells, its middle left out: names and paths differ at their ends.
    package static func cutInMiddle(_ text: String, to cells: Int, mark: String = "…") -> String {
        if width(text) <= cells { return text }
        let room = cells - width(mark)
        if room < 2 { return cut(text, to: cells, mark: mark) }
        let head = cut(text, to: room - room / 2, mark: "")
        var used = 0
        let tail = text.reversed().prefix { character in
            used += width(character)
            return used <= room / 2
        }
        return head + mark + String(tail.reversed())
    }

    package static func padded(_ text: String, to cells: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, cells - width(text)))
        return right ? space + text : text + space
    }

    static func width(_ character: Character) -> Int {
        if let ascii = character.asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
        let scalars = character.unicodeScalars
        if scalars.contains("\u{FE0F}") { return 2 }
        return scalars.lazy.map(width).first { $0 > 0 } ?? 0
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// Blocks whose characters are Wide or Fullwidth in Unicode's EastAsianWidth.txt.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x20000...0x3FFFD,
    ]

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Joiners within emoji are formats too, and harmless.
        case .format: scalar.properties.isBidiControl
        default: false
        }
    }
}
