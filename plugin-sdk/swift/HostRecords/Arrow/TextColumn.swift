// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// A column of text: plain or dictionary encoded.
///
/// Lifetime: holds the batch, and with it the memory. Reading is safe from any thread.
public struct TextColumn: @unchecked Sendable {
    private let batch: RecordBatch
    private let plain: PlainText?
    private let codes: UnsafePointer<Int32>?
    private let validity: Bitmap?

    init(_ batch: RecordBatch, _ column: Int) {
        self.batch = batch
        guard let child = batch.child(column)?.pointee, batch.count > 0,
            let schema = batch.childSchema(column)?.pointee
        else {
            plain = nil
            codes = nil
            validity = nil
            return
        }
        validity = child.null_count == 0 ? nil : child.buffers?[0].map { Bitmap($0, offset: Int(child.offset)) }
        if let dictionary = child.dictionary, let dictionarySchema = schema.dictionary {
            plain = PlainText(dictionary.pointee, format: dictionarySchema.pointee.format)
            codes = child.buffers?[1].map { $0.assumingMemoryBound(to: Int32.self) + Int(child.offset) }
        } else {
            plain = PlainText(child, format: schema.format)
            codes = nil
        }
    }

    /// nil for null. `row` must be below the batch's count.
    public subscript(row: Int) -> String? {
        guard let plain, validity?[row] != false else { return nil }
        return plain.string(at: codes.map { Int($0[row]) } ?? row)
    }

    /// Runs `body` on the row's bytes without making a string; nil for null.
    public func withUTF8<Result>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard let plain, validity?[row] != false else { return nil }
        return body(plain.bytes(at: codes.map { Int($0[row]) } ?? row))
    }

    /// The column as a dictionary: distinct texts in order of first use, and for each row the text's position
    /// (-1 for null). Costs one hash a row only when the column is not encoded already.
    public func encoded() -> EncodedText {
        var result = EncodedText(texts: [], codes: Array(repeating: -1, count: batch.count))
        guard let plain else { return result }
        if let codes {
            var seen = [Int32](repeating: -1, count: plain.count)
            for row in 0..<batch.count where validity?[row] != false {
                let code = Int(codes[row])
                if seen[code] < 0 {
                    seen[code] = Int32(result.texts.count)
                    result.texts.append(plain.string(at: code))
                }
                result.codes[row] = seen[code]
            }
            return result
        }
        var known: [ExactText: Int32] = [:]
        for row in 0..<batch.count where validity?[row] != false {
            let text = plain.string(at: row)
            if let code = known[ExactText(text)] {
                result.codes[row] = code
            } else {
                let code = Int32(result.texts.count)
                known[ExactText(text)] = code
                result.texts.append(text)
                result.codes[row] = code
            }
        }
        return result
    }
}

/// A text column as distinct texts and a position for each row.
public struct EncodedText: Sendable {
    public var texts: [String]
    /// -1 for null.
    public var codes: [Int32]

    public init(texts: [String], codes: [Int32]) {
        self.texts = texts
        self.codes = codes
    }
}

/// The texts of an Arrow utf8 or large utf8 array.
struct PlainText {
    let count: Int
    private let offsets: TextOffsets?
    private let data: UnsafePointer<UInt8>?
    private let first: Int

    init(_ array: ArrowArray, format: UnsafePointer<CChar>?) {
        count = Int(array.length)
        first = Int(array.offset)
        let isWide = format.map { $0[0] == UInt8(ascii: "U") } ?? false
        offsets = array.buffers?[1].map { TextOffsets($0, wide: isWide) }
        data = array.buffers?[2].map { $0.assumingMemoryBound(to: UInt8.self) }
    }

    func bytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
        guard let offsets, let data else { return UnsafeBufferPointer(start: nil, count: 0) }
        let start = offsets[first + index]
        return UnsafeBufferPointer(start: data + start, count: offsets[first + index + 1] - start)
    }

    func string(at index: Int) -> String {
        String(decoding: bytes(at: index), as: UTF8.self)
    }
}

/// A column of lists of texts or of doubles.
public struct ListColumn: @unchecked Sendable {
    private let batch: RecordBatch
    private let offsets: UnsafePointer<Int32>?
    private let validity: Bitmap?
    private let texts: PlainText?
    private let numbers: UnsafePointer<Double>?

    init(_ batch: RecordBatch, _ column: Int) {
        self.batch = batch
        guard let child = batch.child(column)?.pointee, batch.count > 0, let raw = child.buffers?[1],
            let items = child.children?[0]?.pointee, let schema = batch.childSchema(column)?.pointee.children?[0]
        else {
            offsets = nil
            validity = nil
            texts = nil
            numbers = nil
            return
        }
        offsets = raw.assumingMemoryBound(to: Int32.self) + Int(child.offset)
        validity = child.null_count == 0 ? nil : child.buffers[0].map { Bitmap($0, offset: Int(child.offset)) }
        let isNumeric = schema.pointee.format.map { String(cString: $0) } == "g"
        texts = isNumeric ? nil : PlainText(items, format: schema.pointee.format)
        numbers =
            isNumeric
            ? items.buffers?[1].map { $0.assumingMemoryBound(to: Double.self) + Int(items.offset) } : nil
    }

    public func texts(_ row: Int) -> [String]? {
        guard let offsets, validity?[row] != false else { return nil }
        return (Int(offsets[row])..<Int(offsets[row + 1])).map { texts?.string(at: $0) ?? "" }
    }

    public func numbers(_ row: Int) -> [Double]? {
        guard let offsets, validity?[row] != false else { return nil }
        return (Int(offsets[row])..<Int(offsets[row + 1])).map { numbers?[$0] ?? .nan }
    }
}
