// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

extension UnitMapping {
    func mapFields(_ batch: RecordBatch) throws(HostError) -> MappedBatch {
        var result = MappedBatch(batch: batch)
        var columns: [(name: String, data: ColumnData)] = []
        if let paths = renamedFieldPaths(batch) { columns.append(("path", .text(paths))) }
        if let texts = fittedTexts(batch, &result) { columns.append(("text", .text(texts))) }
        result.batch = try batch.replacing(columns)
        return result
    }

    /// Fields live in the scope that their role names.
    private func renamedFieldPaths(_ batch: RecordBatch) -> [String]? {
        guard [NameScope.parameter, .tag].contains(where: { names[$0]?.isEmpty == false }) else { return nil }
        let paths = batch.text("path")
        let roles = batch.text("role")
        return (0..<batch.count).map { row in
            let path = paths[row] ?? ""
            guard let scope = NameScope(role: roles[row] ?? "") else { return path }
            return names[scope]?[path] ?? path
        }
    }

    private func fittedTexts(_ batch: RecordBatch, _ result: inout MappedBatch) -> [String?]? {
        let column = batch.text("text")
        let paths = batch.text("path")
        let mendsNul = !limits.abilities.contains(.nul)
        var nul = LossCount(.retyped, .fields, "text.nul", "U+0000 inside text became U+FFFD")
        var long = LossCount(.truncated, .fields, "text.truncated", "the target's text has at most \(limits.maxText) characters")
        var texts: [String?]?
        for row in 0..<batch.count {
            let hasNul = mendsNul && column.withUTF8(row) { $0.contains(0) } == true
            let isLong = limits.maxText > 0 && (column.withUTF8(row) { $0.count > limits.maxText } ?? false)
            guard hasNul || isLong, var text = column[row] else { continue }
            if hasNul {
                text = NulText.replaced(text)
                nul.add(paths, row)
            }
            if isLong, text.unicodeScalars.count > limits.maxText {
                text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limits.maxText)))
                long.add(paths, row)
            }
            if texts == nil { texts = (0..<batch.count).map { column[$0] } }
            texts?[row] = text
        }
        result.losses += nul.report + long.report
        return texts
    }
}

extension NameScope {
    /// nil: the field has no name in the target, as a note.
    init?(role: String) {
        switch role {
        case "tag": self = .tag
        case "note": return nil
        default: self = .parameter
        }
    }

    /// The scope of a table's names.
    init?(table: Table, role: String) {
        switch table {
        case .fields: self.init(role: role)
        case .points: self = .metric
        case .series, .histograms, .files: self = .file
        default: return nil
        }
    }
}
