// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// A column of fixed-width values. Rows of an absent column are null.
///
/// Lifetime: holds the batch, and with it the memory. Reading is safe from any thread.
public struct ValueColumn<Value: BitwiseCopyable>: @unchecked Sendable {
    @usableFromInline let batch: RecordBatch
    @usableFromInline let values: UnsafePointer<Value>?
    @usableFromInline let validity: Bitmap?

    init(_ batch: RecordBatch, _ column: Int) {
        self.batch = batch
        guard let child = batch.child(column)?.pointee, batch.count > 0, let raw = child.buffers?[1] else {
            values = nil
            validity = nil
            return
        }
        values = raw.assumingMemoryBound(to: Value.self) + Int(child.offset)
        validity = child.null_count == 0 ? nil : child.buffers[0].map { Bitmap($0, offset: Int(child.offset)) }
    }

    /// False when every row is null because the batch does not have the column.
    public var isPresent: Bool { values != nil }

    /// nil for null. `row` must be below the batch's count.
    @inlinable
    public subscript(row: Int) -> Value? {
        guard let values, validity?[row] != false else { return nil }
        return values[row]
    }

    /// Runs `body` on the raw values when no row is null, for loops that must be fast.
    @inlinable
    public func withDense<Result>(_ body: (UnsafeBufferPointer<Value>) -> Result) -> Result? {
        guard let values else { return nil }
        if let validity {
            for row in 0..<batch.count where !validity[row] { return nil }
        }
        return body(UnsafeBufferPointer(start: values, count: batch.count))
    }
}

/// A column of booleans (one bit each).
public struct BoolColumn: @unchecked Sendable {
    private let batch: RecordBatch
    private let values: Bitmap?
    private let validity: Bitmap?

    init(_ batch: RecordBatch, _ column: Int) {
        self.batch = batch
        guard let child = batch.child(column)?.pointee, batch.count > 0, let raw = child.buffers?[1] else {
            values = nil
            validity = nil
            return
        }
        values = Bitmap(raw, offset: Int(child.offset))
        validity = child.null_count == 0 ? nil : child.buffers[0].map { Bitmap($0, offset: Int(child.offset)) }
    }

    public subscript(row: Int) -> Bool? {
        guard let values, validity?[row] != false else { return nil }
        return values[row]
    }
}

/// A column of times in UTC, given as microseconds since 1970 whatever unit the batch has.
public struct TimeColumn: Sendable {
    @usableFromInline let raw: ValueColumn<Int64>
    @usableFromInline let scale: Int64

    init(_ batch: RecordBatch, _ column: Int) {
        raw = ValueColumn(batch, column)
        let format = batch.childSchema(column)?.pointee.format.map { String(cString: $0) }
        scale = format == "tsu:UTC" ? 1 : 1000
    }

    @inlinable
    public subscript(row: Int) -> Int64? {
        guard let value = raw[row] else { return nil }
        let (scaled, overflow) = value.multipliedReportingOverflow(by: scale)
        return overflow ? (value < 0 ? .min : .max) : scaled
    }

    /// Rounded down to milliseconds; the unit of most trackers.
    @inlinable
    public func milliseconds(_ row: Int) -> Int64? {
        guard let value = raw[row] else { return nil }
        guard scale == 1 else { return value }
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? quotient - 1 : quotient
    }

    public var isPresent: Bool { raw.isPresent }
}

/// The step and millionths columns together.
public struct StepColumn: Sendable {
    @usableFromInline let whole: ValueColumn<Int64>
    @usableFromInline let millionths: ValueColumn<Int32>

    init(_ batch: RecordBatch, whole: Int, millionths: Int) {
        self.whole = ValueColumn(batch, whole)
        self.millionths = ValueColumn(batch, millionths)
    }

    @inlinable
    public subscript(row: Int) -> Step? {
        guard let step = whole[row] else { return nil }
        return Step(step, millionths: millionths[row] ?? 0)
    }

    public var hasMillionths: Bool { millionths.isPresent }
}
