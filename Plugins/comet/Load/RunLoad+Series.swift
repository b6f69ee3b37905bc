// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// A line for each value. Comet's samples of text are 500 for an experiment, and its output knows no
    /// steps.
    func write(_ view: SeriesView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        let names = view.path.encoded()
        var lines = [[UInt8]](repeating: [], count: names.texts.count)
        for row in 0..<view.count {
            let code = Int(names.codes[row])
            let line = Fragment.make { json in
                json.beginObject()
                json.fields(step: view.step[row], time: view.time[row])
                json.field("value", view.text[row] ?? "")
                json.endObject()
            }
            lines[code] += line.bytes
            lines[code].append(UInt8(ascii: "\n"))
            expected.see(view.time.milliseconds(row))
        }
        for (name, bytes) in zip(names.texts, lines) where !bytes.isEmpty {
            try series.add(bytes, name, sequence)
        }
    }

    /// A line for each histogram with its true edges and values, and one asset of Comet's own form, whose
    /// bins are fixed, for its pages to show.
    func write(_ view: HistogramsView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        let names = view.path.encoded()
        var lines = [[UInt8]](repeating: [], count: names.texts.count)
        var inWords = LossTally()
        var unshown = LossTally()
        for row in 0..<view.count {
            let code = Int(names.codes[row])
            let name = names.texts[code]
            let kind = view.kind[row] ?? ""
            let (edges, values) = (view.edges.numbers(row) ?? [], view.values.numbers(row) ?? [])
            if !(edges.allSatisfy(\.isFinite) && values.allSatisfy(\.isFinite)) { inWords.add("", name) }
            let line = Fragment.make { json in
                json.beginObject()
                json.fields(step: view.step[row], time: view.time[row])
                json.field("kind", kind)
                json.field("edges", edges)
                json.field("values", values)
                json.endObject()
            }
            lines[code] += line.bytes
            lines[code].append(UInt8(ascii: "\n"))
            expected.see(view.time.milliseconds(row))
            guard let step = view.step[row] else {
                unshown.add("", name)
                continue
            }
            let picture = HistogramPicture(edges, values, kind)
            var metadata = ["host.step": step.description]
            if picture.scale != 1 { metadata["host.scale"] = String(picture.scale) }
            let asset = asset(
                .histogram, name, ["histogram", name, step.description], step: step,
                time: view.time.milliseconds(row), metadata)
            try writer.add(asset, .bytes(picture.json), holding: sequence, call)
        }
        for (name, bytes) in zip(names.texts, lines) where !bytes.isEmpty {
            try histograms.add(bytes, name, sequence)
        }
        inWords.tell(call, .noted, .histograms, "number.as_text") { _ in
            "JSON has no NaN and no infinities: they are the texts NaN, Infinity and -Infinity"
        }
        unshown.tell(call, .noted, .histograms, "histogram.not-shown") { _ in
            "Comet shows histograms by step and this one has none; its values are in the asset"
        }
    }

    /// Sends the lines of series or histograms, whole: their batches are durable only then.
    func upload(_ spool: inout LineSpool, _ call: Call) throws(HostError) {
        guard let lowest = spool.lowest else { return }
        let word = spool.form.word
        var split = LossTally()
        for name in spool.names {
            let parts = spool.parts(name)
            for (index, part) in parts.enumerated() {
                let number = index == 0 ? "" : ".\(index + 1)"
                let asset = asset(
                    .plain, name + number + spool.form.ending, [word, name, number], step: nil, time: nil,
                    ["host.path": name, "host.table": word])
                try writer.add(asset, .bytes(try spool.body(part)), holding: lowest, call)
            }
            if parts.count > 1 { split.add("", name) }
        }
        split.tell(call, .noted, spool.form.table, "series.split") { _ in
            "stored as several assets: NAME\(spool.form.ending), NAME.2\(spool.form.ending), …"
        }
        spool.isSent()
    }
}

extension JSONWriter {
    /// A step is a number with all its digits, a time an ISO text to the microsecond.
    fileprivate mutating func fields(step: Step?, time: Int64?) {
        key("step")
        if let step { finished(Array(step.description.utf8)) } else { null() }
        key("time")
        if let time { value(UTCTime(microseconds: time).isoText) } else { null() }
    }

    fileprivate mutating func field(_ name: String, _ numbers: [Double]) {
        key(name)
        beginArray()
        for number in numbers { value(number) }
        endArray()
    }
}
