// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// A line for each value: `<step>; <ISO time>; <text>`, as the Neptune exporter's users know it.
    func write(_ view: SeriesView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        let names = view.path.encoded()
        var lines = [[UInt8]](repeating: [], count: names.texts.count)
        var escaped = LossTally()
        for row in 0..<view.count {
            let code = Int(names.codes[row])
            lines[code].appendStepAndTime(view.step[row], view.time[row])
            let isEscaped = view.text.withUTF8(row) { lines[code].appendLine($0) } ?? false
            if isEscaped { escaped.add("", names.texts[code]) }
            lines[code].append(UInt8(ascii: "\n"))
            if let time = view.time.milliseconds(row) { expected.see(time) }
        }
        for (name, bytes) in zip(names.texts, lines) where !bytes.isEmpty {
            try series.add(bytes, name, sequence)
        }
        escaped.tell(call, .noted, .series, "text.escaped") { _ in
            "line breaks and backslashes are written as \\n, \\r and \\\\, since each value is one line"
        }
    }

    /// An element of the list `histograms` for each histogram, with true numbers.
    func write(_ view: HistogramsView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        let names = view.path.encoded()
        var items = [[UInt8]](repeating: [], count: names.texts.count)
        var inWords = LossTally()
        for row in 0..<view.count {
            let code = Int(names.codes[row])
            let (edges, values) = (view.edges.numbers(row) ?? [], view.values.numbers(row) ?? [])
            if !(edges.allSatisfy(\.isFinite) && values.allSatisfy(\.isFinite)) {
                inWords.add("", names.texts[code])
            }
            items[code].append(contentsOf: Self.json(view, row, edges, values))
            items[code].append(contentsOf: ",\n".utf8)
            if let time = view.time.milliseconds(row) { expected.see(time) }
        }
        for (name, bytes) in zip(names.texts, items) where !bytes.isEmpty {
            try histograms.add(bytes, name, sequence)
        }
        inWords.tell(call, .noted, .histograms, "number.as_text") { _ in
            "JSON has no NaN and no infinities: they are the texts NaN, Infinity and -Infinity"
        }
    }

    private static func json(_ view: HistogramsView, _ row: Int, _ edges: [Double], _ values: [Double])
        -> [UInt8]
    {
        let kind = view.kind[row] ?? ""
        var json = JSONWriter()
        json.beginObject()
        json.key("step")
        switch view.step[row] {
        case let step? where step.millionths == 0: json.value(step.whole)
        case let step?: json.value(Double(step.description) ?? .nan)
        case nil: json.null()
        }
        // Neptune's words, which the exporter's files have.
        json.field("type", ["counts": "COUNTING", "densities": "DENSITY"][kind] ?? kind)
        json.key("edges")
        json.beginArray()
        for edge in edges { json.value(edge) }
        json.endArray()
        json.key("values")
        json.beginArray()
        for value in values { json.value(value) }
        json.endArray()
        json.key("timestamp")
        if let time = view.time[row] { json.value(UTCTime(microseconds: time).isoText) } else { json.null() }
        json.endObject()
        return json.bytes
    }
}

extension [UInt8] {
    fileprivate mutating func appendStepAndTime(_ step: Step?, _ time: Int64?) {
        append(contentsOf: (step?.description ?? "None").utf8)
        append(contentsOf: "; ".utf8)
        append(contentsOf: (time.map { UTCTime(microseconds: $0).isoText } ?? "None").utf8)
        append(contentsOf: "; ".utf8)
    }

    /// Whether something had to be escaped.
    fileprivate mutating func appendLine(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == UInt8(ascii: "\\") }) else {
            append(contentsOf: text)
            return false
        }
        for byte in text {
            switch byte {
            case 0x0A: append(contentsOf: "\\n".utf8)
            case 0x0D: append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\\"): append(contentsOf: "\\\\".utf8)
            default: append(byte)
            }
        }
        return true
    }
}
