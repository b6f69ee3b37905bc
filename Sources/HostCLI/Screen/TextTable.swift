// SPDX-License-Identifier: Apache-2.0

/// Aligned columns of text, two spaces between them.
package struct TextTable: Sendable {
    package enum Alignment: Sendable { case left, right }

    package struct Column: Sendable {
        package var title: String
        package var alignment: Alignment
        /// Gives way when the table is wider than the terminal.
        package var isFlexible: Bool

        package init(_ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.isFlexible = isFlexible
        }
    }

    /// A flexible column keeps at least so many cells.
    private static let narrowestColumn = 8
    private static let gap = 2

    package let columns: [Column]
    package private(set) var rows: [[String]] = []
    private let minimumWidths: [Int]

    /// - Parameter minimumWidths: of another table that this one goes on from.
    package init(_ columns: [Column], minimumWidths: [Int] = []) {
        self.columns = columns
        self.minimumWidths = minimumWidths
    }

    /// Cells that each column wants.
    package var widths: [Int] {
        columns.indices.map { index in
            let least = max(
                CellText.width(columns[index].title), index < minimumWidths.count ? minimumWidths[index] : 0)
            return rows.map { CellText.width($0[index]) }.reduce(least, max)
        }
    }

    /// Missing cells are empty, surplus ones are ignored.
    package mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? CellText.cleaned(cells[$0]) : "" })
    }

    /// Lines without trailing spaces.
    ///
    /// - Parameter width: cells there are; nil leaves every cell whole, as a pipe needs it. In a narrower
    ///   place flexible columns are cut first; then the table goes on in further blocks that repeat the
    ///   first column.
    /// - Parameter wraps: false leaves the columns that have no room out instead.
    package func lines(width: Int? = nil, cutMark: String = "…", wraps: Bool = true) -> [String] {
        var widths = widths
        guard let width else { return block(Array(columns.indices), widths, cutMark) }
        shrink(&widths, to: width)
        var result: [String] = []
        for indices in blocks(widths, width).prefix(wraps ? .max : 1) {
            if !result.isEmpty { result.append("") }
            result += block(indices, widths, cutMark).map { CellText.cut($0, to: width, mark: cutMark) }
        }
        return result
    }

    private func shrink(_ widths: inout [Int], to width: Int) {
        var surplus = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
        for index in columns.indices.reversed() where columns[index].isFlexible && surplus > 0 {
            let give = min(surplus, max(0, widths[index] - Self.narrowestColumn))
            widths[index] -= give
            surplus -= give
        }
    }

    private func blocks(_ widths: [Int], _ width: Int) -> [[Int]] {
        guard let first = widths.first else { return [] }
        var blocks: [[Int]] = [[0]]
        var used = first
        for index in columns.indices.dropFirst() {
            let wanted = Self.gap + widths[index]
            if used + wanted > width && blocks[blocks.count - 1].count > 1 {
                blocks.append([0])
                used = first
            }
            blocks[blocks.count - 1].append(index)
            used += wanted
        }
        return blocks
    }

    private func block(_ indices: [Int], _ widths: [Int], _ cutMark: String) -> [String] {
        // A row that has nothing in a further block would only repeat its name there.
        let isFirst = indices.contains(1) || columns.count == 1
        let shown = rows.filter { cells in isFirst || indices.dropFirst().contains { !cells[$0].isEmpty } }
        return ([columns.map(\.title)] + shown).map { cells in
            let line = indices.map { index in
                CellText.padded(
                    CellText.cut(cells[index], to: widths[index], mark: cutMark), to: widths[index],
                    right: columns[index].alignment == .right)
            }.joined(separator: String(repeating: " ", count: Self.gap))
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
