// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// Fields become params, tags and the run's note: all of them text.
    func write(_ view: FieldsView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        var retyped = LossTally()
        var missing = LossTally()
        for row in 0..<view.count {
            let name = view.path[row] ?? ""
            guard let value = view.value(row) else {
                missing.add("", name)
                continue
            }
            let text = value.mlflowText
            if case .text = value {} else { retyped.add(value.type, name) }
            switch view.role[row] {
            case "tag": try writeTag(tagName(name, call), text, of: name, sequence, call)
            case "note": try writeNote(name, text, sequence, call)
            default: try writeParam(name, text, value.exporterText, sequence, call)
            }
        }
        retyped.tell(call, .retyped, .fields, "value.as_text") { "\($0) values are text in MLflow" }
        missing.tell(call, .dropped, .fields, "value.missing") { _ in "the field has no value" }
    }

    private func writeParam(
        _ name: String, _ text: String, _ other: String, _ sequence: UInt64, _ call: Call
    ) throws(HostError) {
        let value = try shortened(name, text, facts.maxParam, sequence, call)
        switch try expected.add(param: name, value, orElse: other) {
        case .same: return
        case .otherSpelling:
            call.loss(
                LossReport(
                    .noted, .fields, "value.kept", path: name,
                    note:
                        "the run has this value already, spelled in another way, and MLflow lets no param change"
                ))
        case .differs:
            call.loss(
                LossReport(
                    .dropped, .fields, "value.duplicate", path: name,
                    note: "a second, different value of one param; the first stays"))
        case .new:
            let item = Outbox.item(name, value)
            if !outbox.takesParam(item) { try dispatch(call) }
            outbox.addParam(item, sequence: sequence)
        }
    }

    private func writeTag(
        _ tag: String, _ text: String, of path: String, _ sequence: UInt64, _ call: Call
    ) throws(HostError) {
        let value = try shortened(path, text, facts.maxTag, sequence, call)
        expected.add(tag: tag, value)
        let item = Outbox.item(tag, value)
        if !outbox.takesTag(item) { try dispatch(call) }
        outbox.addTag(item, sequence: sequence)
    }

    /// MLflow shows one note, its description; a further one becomes a tag of its own name.
    private func writeNote(_ path: String, _ text: String, _ sequence: UInt64, _ call: Call) throws(HostError)
    {
        if notePath == nil { notePath = path }
        guard notePath == path else {
            call.loss(
                LossReport(
                    .noted, .fields, "note.as_tag", path: path, note: "MLflow has one note; this one is a tag"
                ))
            return try writeTag(path, text, of: path, sequence, call)
        }
        try writeTag(RunMark.note, text, of: path, sequence, call)
    }

    private func tagName(_ name: String, _ call: Call) -> String {
        guard RunMark.isReserved(name, hasParent: unit.parentTarget != nil) else { return name }
        let renamed = "source.\(name)".cut(to: 250)
        call.loss(
            LossReport(
                .renamed, .fields, "tag.reserved", path: name,
                note: "the tag is '\(renamed)': the run needs its name"))
        return renamed
    }

    /// A value that the server would cut in silence is cut here, and stored whole beside it.
    private func shortened(
        _ name: String, _ text: String, _ limit: Int, _ sequence: UInt64, _ call: Call
    ) throws(HostError) -> String {
        guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
        let path = place(
            name.pathComponents, "value.txt", of: name, .fields, identity: "value \(limit) \(name)", call)
        try store(Array(text.utf8), at: path, holding: sequence, call)
        call.loss(
            LossReport(
                .noted, .fields, "value.moved", path: name,
                note: "longer than \(limit) characters: the whole value is the artifact \(path)"))
        return text.prefix(scalars: limit)
    }
}

/// Counts one class of loss within one call, by a word.
struct LossTally {
    private var counts: [String: (rows: Int64, example: String)] = [:]

    mutating func add(_ word: String, _ example: String) {
        counts[word, default: (0, example)].rows += 1
    }

    func tell(_ call: Call, _ kind: LossKind, _ table: Table, _ code: String, _ note: (String) -> String) {
        for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
            call.loss(LossReport(kind, table, code, rows: count.rows, path: count.example, note: note(word)))
        }
    }
}
