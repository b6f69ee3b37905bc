// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostCore
internal import HostRecords

/// A plan for people: ends, units, volume, losses expected, names that collide, what can't be read, settings.
enum PlanText {
    private static let mostRows = 20

    static func lines(_ plan: PlanResult, _ traits: TerminalTraits) -> [String] {
        let width = traits.isTerminal ? traits.columns : nil
        var parts: [[String]] = [
            [
                "\(plan.settings.sourceLabel) -> \(plan.settings.targetLabel)   job \(plan.settings.name)",
                units(plan),
            ]
        ]
        if plan.toMove > 0 { parts.append(volume(plan, width)) }
        if !plan.losses.isEmpty { parts.append(losses(plan, width)) }
        if !plan.collisions.isEmpty { parts.append(collisions(plan, width)) }
        if !plan.unreadable.isEmpty {
            parts.append(["can't be read"] + plan.unreadable.map { "  \($0.unit): \($0.error)" })
        }
        parts.append(settings(plan, width))
        return Array(parts.joined(separator: [""]))
    }

    private static func units(_ plan: PlanResult) -> String {
        var words = ["\(plan.seen) units", "\(plan.toMove) to move"]
        if plan.unchanged > 0 { words.append("\(plan.unchanged) there already") }
        if !plan.unreadable.isEmpty { words.append("\(plan.unreadable.count) that can't be read") }
        return words.joined(separator: ", ")
    }

    private static func volume(_ plan: PlanResult, _ width: Int?) -> [String] {
        var table = TextTable([
            TextTable.Column(""), TextTable.Column("source", .right), TextTable.Column("target", .right),
            TextTable.Column("lost", .right),
        ])
        for name in Table.records {
            guard let counts = plan.counts[name], counts.read > 0 else { continue }
            table.add([name.label, "\(counts.read)", "\(counts.written)", "\(counts.dropped)"])
        }
        let bytes = plan.fileBytes > 0 ? ["files hold \(NumberText.bytes(plan.fileBytes))"] : []
        return table.lines(width: width) + bytes
    }

    private static func losses(_ plan: PlanResult, _ width: Int?) -> [String] {
        var table = TextTable([
            TextTable.Column("losses expected"), TextTable.Column("kind"), TextTable.Column("rows", .right),
            TextTable.Column("of"), TextTable.Column("example", isFlexible: true),
            TextTable.Column("what becomes of it", isFlexible: true),
        ])
        for loss in plan.losses.entries {
            table.add([
                loss.code, loss.kind.label, "\(loss.rows)", loss.table.label, shortened(loss.examples.first ?? ""),
                shortened(loss.note, 100),
            ])
        }
        return table.lines(width: width)
    }

    private static func collisions(_ plan: PlanResult, _ width: Int?) -> [String] {
        var table = TextTable([
            TextTable.Column("names that collide", isFlexible: true), TextTable.Column("in the target", isFlexible: true),
            TextTable.Column("unit"),
        ])
        for collision in plan.collisions.prefix(mostRows) {
            table.add([shortened(collision.source), shortened(collision.target), collision.unit])
        }
        let rest = plan.collisions.count - mostRows
        return table.lines(width: width) + (rest > 0 ? ["and \(rest) more (--json has all)"] : [])
    }

    private static func settings(_ plan: PlanResult, _ width: Int?) -> [String] {
        var table = TextTable([
            TextTable.Column("settings"), TextTable.Column("value", isFlexible: true), TextTable.Column("from"),
        ])
        for setting in plan.origins { table.add([setting.name, setting.value, setting.origin]) }
        return table.lines(width: width)
    }

    private static func shortened(_ text: String, _ limit: Int = 60) -> String {
        guard text.count > limit else { return text }
        return text.prefix(limit / 2) + "…" + text.suffix(limit / 2 - 1)
    }
}
