// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Points that go into one batch.
struct ObjectRows {
    struct Row {
        let name: Int
        let step: Step
        /// Microseconds.
        let time: Int64?
        let object: PointObject
    }
    var names: [String] = []
    var rows: [Row] = []
    var losses = LossRows()

    func batches(_ type: AttributeType, _ source: RunSource, _ call: Call) throws(HostError) -> [RecordBatch]
    {
        var result: [RecordBatch] = []
        switch type {
        case .fileRefSeries:
            let files = rows.compactMap { row -> FileRow? in
                guard case .file(let file) = row.object else { return nil }
                return FileRow(path: names[row.name], step: row.step, time: row.time, file: file)
            }
            result = try FileRows(source).batches(files, role: "series", call)
        case .histogramSeries where !rows.isEmpty: result = [try histograms()]
        case .stringSeries where !rows.isEmpty: result = [try texts()]
        default: break
        }
        if let told = try losses.batch() { result.insert(told, at: 0) }
        return result
    }

    private var common: [(name: String, data: ColumnData)] {
        [
            ("path", .encodedText(EncodedText(texts: names, codes: rows.map { Int32($0.name) }))),
            ("step", .denseInt64(rows.map(\.step.whole))),
            ("millionths", .int32(rows.map { $0.step.millionths == 0 ? nil : $0.step.millionths })),
            ("time", .time(rows.map(\.time))),
        ]
    }

    private func texts() throws(HostError) -> RecordBatch {
        let texts = rows.map { row -> String? in
            if case .text(let text) = row.object { text } else { nil }
        }
        return try RecordBatch(.series, common + [("text", .text(texts))])
    }

    private func histograms() throws(HostError) -> RecordBatch {
        var kinds: [String?] = []
        var edges: [[Double]?] = []
        var values: [[Double]?] = []
        for case .histogram(let kind, let rowEdges, let rowValues) in rows.map(\.object) {
            kinds.append(kind)
            edges.append(rowEdges)
            values.append(rowValues)
        }
        return try RecordBatch(
            .histograms,
            common + [("kind", .text(kinds)), ("edges", .floatList(edges)), ("values", .floatList(values))])
    }
}

/// Collects points into pieces that are small enough for a batch.
struct ObjectRowsBuilder {
    private static let maxBytes = 4 << 20
    private static let maxRows = 32_768
    /// Files are looked at one by one, so their pieces are smaller.
    private static let maxFiles = 200

    private let type: AttributeType
    private var pieces: [ObjectRows] = []
    private var piece = ObjectRows()
    private var byteCount = 0
    var losses = LossRows()

    init(_ type: AttributeType) { self.type = type }

    mutating func add(_ name: String, _ points: ArraySlice<ObjectPoint>) {
        guard !points.isEmpty else { return }
        var code: Int?
        var faults = StepFaults()
        var strangers: Int64 = 0
        for point in points {
            guard let object = point.object, fits(object) else {
                strangers += 1
                continue
            }
            guard let step = faults.step(point.step) else { continue }
            let size = Self.size(object)
            if byteCount + size > Self.maxBytes || piece.rows.count >= maxRows {
                cut()
                code = nil
            }
            let position = code ?? piece.names.count
            if code == nil { piece.names.append(name) }
            code = position
            piece.rows.append(
                ObjectRows.Row(name: position, step: step, time: faults.time(point.time), object: object))
            byteCount += size
        }
        faults.tell(type.table, name, &losses)
        if strangers > 0 {
            losses.add(
                type.table, name, "value.unreadable", rows: strangers,
                "the value is of a kind that is not known")
        }
    }

    /// What was told of them goes with the first.
    mutating func finished() -> [ObjectRows] {
        cut()
        if !losses.isEmpty {
            if pieces.isEmpty { pieces.append(ObjectRows()) }
            pieces[0].losses = losses
        }
        return pieces
    }

    private mutating func cut() {
        if !piece.rows.isEmpty { pieces.append(piece) }
        piece = ObjectRows()
        byteCount = 0
    }

    private var maxRows: Int { type == .fileRefSeries ? Self.maxFiles : Self.maxRows }

    private func fits(_ object: PointObject) -> Bool {
        switch object {
        case .text: type == .stringSeries
        case .histogram: type == .histogramSeries
        case .file: type == .fileRefSeries
        }
    }

    private static func size(_ object: PointObject) -> Int {
        switch object {
        case .text(let text): 40 + text.utf8.count
        case .histogram(let kind, let edges, let values):
            60 + kind.utf8.count + 8 * (edges.count + values.count)
        case .file: 200
        }
    }
}
