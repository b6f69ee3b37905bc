// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What mapping made of a batch.
package struct MappedBatch {
    /// nil when no row is left.
    package var batch: RecordBatch?
    package var losses: [LossReport] = []

    /// Rows that do not go to the loader.
    package var dropped: Int64 {
        losses.lazy.filter { $0.kind.removesRows }.reduce(0) { $0 + $1.rows }
    }
}

/// Fits the records of one unit to what its target can hold, and tells every change.
///
/// Thread rule: one unit, one thread.
package final class UnitMapping {
    let limits: Limits
    let names: [NameScope: NameMap]
    let scale: StepScale
    /// Milliseconds since 1970, for points without a time in a target that needs one.
    let fallbackTime: Int64
    var repeats = RepeatFilter()

    package init(limits: Limits, names: [NameScope: NameMap], scale: StepScale, unit: UnitRecord) {
        self.limits = limits
        self.names = names
        self.scale = scale
        fallbackTime = max(unit.started ?? unit.created ?? 0, 0)
    }

    package func map(_ batch: RecordBatch) throws(HostError) -> MappedBatch {
        guard limits.tables.contains(batch.table) else {
            guard batch.count > 0 else { return MappedBatch(batch: nil) }
            let hasPath = batch.table.columns.contains { $0.name == "path" }
            let path = hasPath ? batch.text("path")[0] ?? "" : ""
            return MappedBatch(
                batch: nil,
                losses: [
                    LossReport(
                        .dropped, batch.table, "table.unsupported", rows: Int64(batch.count), path: path,
                        note: "the target has no place for \(batch.table.label)")
                ])
        }
        switch batch.table {
        case .fields: return try mapFields(batch)
        case .points: return try mapPoints(batch)
        case .series, .histograms, .files: return try mapStepped(batch)
        default: return MappedBatch(batch: batch)
        }
    }

    /// The path column in the target's names; nil when it stays as it is.
    func renamedPaths(_ paths: EncodedText, _ scope: NameScope) -> EncodedText? {
        guard let map = names[scope], !map.isEmpty else { return nil }
        var result = paths
        var isChanged = false
        for index in result.texts.indices {
            let target = map[paths.texts[index]]
            if !target.utf8.elementsEqual(paths.texts[index].utf8) {
                result.texts[index] = target
                isChanged = true
            }
        }
        return isChanged ? result : nil
    }

    // MARK: series, histograms, files

    private func mapStepped(_ batch: RecordBatch) throws(HostError) -> MappedBatch {
        var result = MappedBatch(batch: batch)
        var columns: [(name: String, data: ColumnData)] = []
        if let paths = renamedPaths(batch.text("path").encoded(), .file) {
            columns.append(("path", .encodedText(paths)))
        }
        // Kept as text or inside a file, a step may be a fraction whatever the target's metrics can hold.
        if !scale.isIdentity, batch.table != .files || batch.int64("step").isPresent {
            columns += scaledSteps(batch, &result)
        }
        if batch.table == .series, !limits.abilities.contains(.nul), let texts = withoutNul(batch, &result) {
            columns.append(("text", .text(texts)))
        }
        result.batch = try batch.replacing(columns)
        return result
    }

    private func scaledSteps(
        _ batch: RecordBatch, _ result: inout MappedBatch
    ) -> [(name: String, data: ColumnData)] {
        let steps = batch.step()
        var whole = [Int64?](repeating: nil, count: batch.count)
        var millionths = [Int32?](repeating: nil, count: batch.count)
        var tooLarge = LossCount(.rounded, batch.table, "step.overflow", "multiplied, the step has no room: left as it was")
        for row in 0..<batch.count {
            guard let step = steps[row] else { continue }
            let scaled = scale.scaled(step)
            if scaled == nil { tooLarge.add(batch.text("path"), row) }
            whole[row] = (scaled ?? step).whole
            millionths[row] = (scaled ?? step).millionths == 0 ? nil : (scaled ?? step).millionths
        }
        result.losses += tooLarge.report
        guard batch.int32("millionths").isPresent else { return [("step", .int64(whole))] }
        return [("step", .int64(whole)), ("millionths", .int32(millionths))]
    }

    private func withoutNul(_ batch: RecordBatch, _ result: inout MappedBatch) -> [String?]? {
        let column = batch.text("text")
        var loss = LossCount(.retyped, batch.table, "text.nul", "U+0000 inside text became U+FFFD")
        var texts: [String?]?
        for row in 0..<batch.count where column.withUTF8(row, { $0.contains(0) }) == true {
            if texts == nil { texts = (0..<batch.count).map { column[$0] } }
            texts?[row] = column[row].map { NulText.replaced($0) }
            loss.add(batch.text("path"), row)
        }
        result.losses += loss.report
        return texts
    }
}

enum NulText {
    static func replaced(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}

/// Counts rows of one loss, with the first as the example.
struct LossCount {
    private var loss: LossReport

    init(_ kind: LossKind, _ table: Table, _ code: String, _ note: String) {
        loss = LossReport(kind, table, code, rows: 0, note: note)
    }

    mutating func add(_ paths: TextColumn, _ row: Int) {
        if loss.rows == 0 { loss.path = paths[row] ?? "" }
        loss.rows += 1
    }

    mutating func add(_ path: @autoclosure () -> String) {
        if loss.rows == 0 { loss.path = path() }
        loss.rows += 1
    }

    var report: [LossReport] { loss.rows == 0 ? [] : [loss] }
}
