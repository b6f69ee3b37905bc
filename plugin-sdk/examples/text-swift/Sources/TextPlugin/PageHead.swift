// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The top of a page: its mark, its title, and what the source says of the run.
struct PageHead {
    let lines: [String]

    init(_ unit: UnitInfo) {
        let facts: [(String, String?)] = [
            ("Project", unit.ref.project), ("Run", unit.ref.id), ("Group", unit.group), ("State", unit.state),
            ("Owner", unit.owner), ("Parent", unit.parent), ("Fork of", unit.forkParent),
            ("Fork step", unit.forkStep?.description), ("Created", Self.time(unit.created)),
            ("Started", Self.time(unit.started)), ("Ended", Self.time(unit.ended)),
            ("Archived", unit.isArchived ? "yes" : nil), ("Source", unit.source),
        ]
        lines =
            [
                PageMark(key: unit.key, revision: unit.revision).line, "# \(Markdown.cell(unit.label))", "",
                "| | |", "|---|---|",
            ]
            + facts.compactMap { name, value in value.map { "| \(name) | \(Markdown.cell($0)) |" } }
            + ["", "## Fields", "", "| name | role | value |", "|---|---|---|"]
    }

    private static func time(_ milliseconds: Int64?) -> String? {
        milliseconds.map { UTCTime(milliseconds: $0).isoText }
    }
}

/// Text inside a table's cell.
enum Markdown {
    /// Line breaks would end the row, bars the cell, and a backslash would hide either. Each is written so that it
    /// is shown as itself.
    static func cell(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown.append(contentsOf: "<br>".unicodeScalars)
            case "\r": shown.append(contentsOf: "&#13;".unicodeScalars)
            case "<": shown.append(contentsOf: "&lt;".unicodeScalars)
            case "&": shown.append(contentsOf: "&amp;".unicodeScalars)
            case "|", "\\", "`", "*", "_": shown.append(contentsOf: ["\\", scalar])
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}

extension FieldValue {
    /// The value as a page shows it. Floats have the shortest digits that give the same bits again.
    var shown: String {
        switch self {
        case .int(let value): String(value)
        case .float(let value): String(value)
        case .text(let text): text
        case .bool(let value): String(value)
        case .time(let microseconds): UTCTime(microseconds: microseconds).isoText
        case .set(let texts): texts.joined(separator: ", ")
        }
    }
}
