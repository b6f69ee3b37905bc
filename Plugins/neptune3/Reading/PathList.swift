// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Makes paths/1 of a catalogue.
struct PathList {
    private static let batchSize = 16_384

    private let server: Server
    private let catalogue: Catalogue
    private let settings: Settings

    init(_ server: Server, _ catalogue: Catalogue, _ settings: Settings) throws(HostError) {
        self.server = server
        self.catalogue = catalogue
        self.settings = settings
    }

    func source(_ call: Call) throws(HostError) -> any BatchSource {
        var rows: [(path: String, table: Table, role: String, count: Int64?)] = []
        for name in catalogue.fieldNames { rows.append((name, .fields, FieldRole.of(name), 1)) }
        let lengths = try lengths(call)
        for name in catalogue.names(.floatSeries) {
            rows.append((name, .points, "", lengths[ExactText(name)]))
        }
        for type in [AttributeType.stringSeries, .histogramSeries, .fileRef, .fileRefSeries] {
            let count: Int64? = type == .fileRef ? 1 : nil
            for name in catalogue.names(type) { rows.append((name, type.table, "", count)) }
        }
        var batches: [RecordBatch] = []
        for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
            let piece = rows[start..<min(start + Self.batchSize, rows.count)]
            batches.append(
                try RecordBatch(
                    .paths,
                    [
                        ("path", .text(piece.map(\.path))), ("table", .text(piece.map(\.table.rawValue))),
                        ("role", .text(piece.map(\.role))), ("rows", .int64(piece.map(\.count))),
                    ]))
        }
        return BatchList(batches)
    }

    /// Numbers of points, of series whose number can mean one thing only: not of forked runs, which have
    /// their ancestors' points too, and not of series with previews, which the server may count or not.
    private func lengths(_ call: Call) throws(HostError) -> [ExactText: Int64] {
        let names = catalogue.names(.floatSeries)
        guard !names.isEmpty, catalogue.head.forkParent == nil else { return [:] }
        var result: [ExactText: Int64] = [:]
        var start = 0
        while start < names.count {
            let range = ValueRequest.group(names, from: start)
            start = range.upperBound
            let series = range.map { SeriesRequest.Item(id: $0, name: names[$0]) }
            let request = SeriesRequest(source: server, catalogue, settings)
            let pending = try server.submit(request.points(series, limit: 1), call)
            var isAnswered = false
            defer { if !isAnswered { server.abandon(pending) } }
            let values = try ValueRequest(server: server, catalogue: catalogue).values(names[range], call)
            isAnswered = true
            let page = try server.answer(pending, catalogue.identifier, call) { bytes throws(HostError) in
                try FloatPage(bytes, salt: request.salt)
            }
            for (position, points) in page.series where range.contains(position) {
                let name = ExactText(names[position])
                if case .floatSeries(hasPreviews: false)? = values[name] { result[name] = points.total }
            }
        }
        return result
    }
}

/// Neptune knows no roles: what the server itself writes lies below `sys/`.
enum FieldRole {
    static func of(_ name: String) -> String { name.hasPrefix("sys/") ? "system" : "parameter" }
}
