// SPDX-License-Identifier: Apache-2.0

// Typed views of a batch, one a table: columns by their names in tables.h.

extension RecordBatch {
    public func text(_ name: String) -> TextColumn { TextColumn(self, index(name)) }
    public func time(_ name: String) -> TimeColumn { TimeColumn(self, index(name)) }
    public func int64(_ name: String) -> ValueColumn<Int64> { ValueColumn(self, index(name)) }
    public func int32(_ name: String) -> ValueColumn<Int32> { ValueColumn(self, index(name)) }
    public func float64(_ name: String) -> ValueColumn<Double> { ValueColumn(self, index(name)) }
    public func bool(_ name: String) -> BoolColumn { BoolColumn(self, index(name)) }
    public func list(_ name: String) -> ListColumn { ListColumn(self, index(name)) }
    public func step(_ whole: String = "step", _ millionths: String = "millionths") -> StepColumn {
        StepColumn(self, whole: index(whole), millionths: index(millionths))
    }

    /// A name that the table does not have is a mistake of the program, not of its input.
    private func index(_ name: String) -> Int {
        guard let index = table.columns.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("\(table.rawValue) has no column \(name)")
        }
        return index
    }
}

public struct FieldsView: Sendable {
    public let count: Int
    public let path: TextColumn
    public let role: TextColumn
    public let type: TextColumn
    public let int: ValueColumn<Int64>
    public let float: ValueColumn<Double>
    public let text: TextColumn
    public let bool: BoolColumn
    public let time: TimeColumn
    public let set: ListColumn

    public init(_ batch: RecordBatch) {
        count = batch.count
        path = batch.text("path")
        role = batch.text("role")
        type = batch.text("type")
        int = batch.int64("int")
        float = batch.float64("float")
        text = batch.text("text")
        bool = batch.bool("bool")
        time = batch.time("time")
        set = batch.list("set")
    }

    /// The row's value, or nil when the column that its type names is null.
    public func value(_ row: Int) -> FieldValue? {
        switch type[row] {
        case "int": int[row].map { .int($0) }
        case "float": float[row].map { .float($0) }
        case "text": text[row].map { .text($0) }
        case "bool": bool[row].map { .bool($0) }
        case "time": time[row].map { .time(microseconds: $0) }
        case "set": set.texts(row).map { .set($0) }
        default: nil
        }
    }
}

/// The value of a field.
public enum FieldValue: Hashable, Sendable {
    case int(Int64)
    case float(Double)
    case text(String)
    case bool(Bool)
    case time(microseconds: Int64)
    case set([String])

    /// The `type` column's word for it.
    public var type: String {
        switch self {
        case .int: "int"
        case .float: "float"
        case .text: "text"
        case .bool: "bool"
        case .time: "time"
        case .set: "set"
        }
    }
}

public struct PointsView: Sendable {
    public let count: Int
    public let path: TextColumn
    public let step: StepColumn
    public let time: TimeColumn
    public let value: ValueColumn<Double>

    public init(_ batch: RecordBatch) {
        count = batch.count
        path = batch.text("path")
        step = batch.step()
        time = batch.time("time")
        value = batch.float64("value")
    }
}

public struct SeriesView: Sendable {
    public let count: Int
    public let path: TextColumn
    public let step: StepColumn
    public let time: TimeColumn
    public let text: TextColumn

    public init(_ batch: RecordBatch) {
        count = batch.count
        path = batch.text("path")
        step = batch.step()
        time = batch.time("time")
        text = batch.text("text")
    }
}

public struct HistogramsView: Sendable {
    public let count: Int
    public let path: TextColumn
    public let step: StepColumn
    public let time: TimeColumn
    public let kind: TextColumn
    public let edges: ListColumn
    public let values: ListColumn

    public init(_ batch: RecordBatch) {
        count = batch.count
        path = batch.text("path")
        step = batch.step()
        time = batch.time("time")
        kind = batch.text("kind")
        edges = batch.list("edges")
        values = batch.list("values")
    }
}

public struct FilesView: Sendable {
    public let count: Int
    public let path: TextColumn
    public let role: TextColumn
    public let name: TextColumn
    public let step: StepColumn
    public let time: TimeColumn
    public let size: ValueColumn<Int64>
    public let sha256: TextColumn
    public let mediaType: TextColumn
    public let blob: TextColumn

    public init(_ batch: RecordBatch) {
        count = batch.count
        path = batch.text("path")
        role = batch.text("role")
        name = batch.text("name")
        step = batch.step()
        time = batch.time("time")
        size = batch.int64("size")
        sha256 = batch.text("sha256")
        mediaType = batch.text("media_type")
        blob = batch.text("blob")
    }
}
