// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Reads the single values of a run.
final class FieldReader: PhaseReader {
    /// Bytes of a batch's texts; the border's limit is twice this.
    private static let maxBytes = 4 << 20

    private let source: RunSource
    private let names: [String]
    private var position: Int

    init(_ source: RunSource, from position: Int) {
        self.source = source
        names = source.catalogue.fieldNames
        self.position = position
    }

    func next(_ call: Call) throws(HostError) -> Portion? {
        guard position < names.count else { return nil }
        let range = ValueRequest.group(names, from: position)
        let request = ValueRequest(server: source.server, catalogue: source.catalogue)
        let values = try request.values(names[range], call)
        var columns = FieldColumns()
        var losses = LossRows()
        var batches: [RecordBatch] = []
        for name in names[range] {
            switch values[ExactText(name)] {
            case .field(let value)?:
                columns.add(name, value)
                if columns.byteCount >= Self.maxBytes {
                    batches.append(try columns.batch())
                    columns = FieldColumns()
                }
            case .timeOutOfRange?:
                losses.add(
                    .fields, name, "time.out-of-range", "the time lies beyond what microseconds can tell")
            case nil:
                losses.add(.fields, name, "attribute.unanswered", "the server lists it and gives no value")
            default:
                losses.add(
                    .fields, name, "attribute.retyped", "the value is of another type than the server told")
            }
        }
        if columns.count > 0 { batches.append(try columns.batch()) }
        if let told = try losses.batch() { batches.insert(told, at: 0) }
        position = range.upperBound
        var place = ReadPlace()
        place.phase = .fields
        place.position = position
        return Portion(batches: batches, place: place)
    }
}

/// Rows of fields/1, by column.
private struct FieldColumns {
    private var paths: [String?] = []
    private var types: [String?] = []
    private var ints: [Int64?] = []
    private var floats: [Double?] = []
    private var texts: [String?] = []
    private var bools: [Bool?] = []
    private var times: [Int64?] = []
    private var sets: [[String]?] = []
    private(set) var byteCount = 0

    var count: Int { paths.count }

    mutating func add(_ name: String, _ value: FieldValue) {
        paths.append(name)
        types.append(value.type)
        var (int, float, text, bool, time, set): (Int64?, Double?, String?, Bool?, Int64?, [String]?)
        switch value {
        case .int(let value): int = value
        case .float(let value): float = value
        case .text(let value): text = value
        case .bool(let value): bool = value
        case .time(let value): time = value
        case .set(let value): set = value
        }
        ints.append(int)
        floats.append(float)
        texts.append(text)
        bools.append(bool)
        times.append(time)
        sets.append(set)
        byteCount += name.utf8.count + 64 + (text?.utf8.count ?? 0)
        if let set { byteCount += set.reduce(0) { $0 + $1.utf8.count + 8 } }
    }

    func batch() throws(HostError) -> RecordBatch {
        try RecordBatch(
            .fields,
            [
                ("path", .text(paths)), ("role", .text(paths.map { FieldRole.of($0 ?? "") })),
                ("type", .text(types)), ("int", .int64(ints)), ("float", .float64(floats)),
                ("text", .text(texts)),
                ("bool", .bool(bools)), ("time", .time(times)), ("set", .textList(sets)),
            ])
    }
}
