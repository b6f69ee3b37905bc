// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// Fields become parameters, tags and "others".
    func write(_ view: FieldsView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        var retyped = LossTally()
        var missing = LossTally()
        var equal = LossTally()
        var details: [(name: String, value: String)] = []
        for row in 0..<view.count {
            let name = view.path[row] ?? ""
            guard let value = view.value(row) else {
                missing.add("", name)
                continue
            }
            if case .text = value {} else { retyped.add(value.type, name) }
            let role = view.role[row] ?? ""
            if role == "system", let detail = SystemDetail.name(of: name), case .text(let text) = value {
                details.append((detail, text))
            }
            // Neptune's tags are sets among its system fields.
            if role == "tag" || role == "system", case .set(let tags) = value {
                try writer.add(tags: tags, holding: sequence, call)
                expected.add(tags: tags)
            }
            let isParameter = role == "parameter"
            let isNew = try write(name, value, asParameter: isParameter, sequence, call)
            if !isNew { equal.add("", name) }
        }
        try writer.add(details: details, holding: sequence, call)
        retyped.tell(call, .retyped, .fields, "value.as_text") { "Comet keeps \($0) values as text" }
        missing.tell(call, .dropped, .fields, "value.missing") { _ in "the field has no value" }
        equal.tell(call, .merged, .fields, "value.duplicate") { _ in "the same name with the same value" }
    }

    /// False when the same was written already.
    private func write(
        _ path: String, _ value: FieldValue, asParameter: Bool, _ sequence: UInt64, _ call: Call
    ) throws(HostError) -> Bool {
        let fragment = try fragment(path, value, asParameter: asParameter, sequence, call)
        let hash = StableHash.of(fragment.bytes)
        if asParameter {
            switch expected.parameters[ExactText(path)] {
            case nil:
                let isList = fragment.bytes.first == UInt8(ascii: "[")
                try writer.add(parameter: path, fragment, isList: isList, holding: sequence, call)
                expected.add(parameter: path, fragment)
                return true
            case hash?: return false
            default: break
            }
        }
        guard let name = try otherName(path, value, hash, isSecond: asParameter, call) else { return false }
        try writer.add(other: name, fragment, holding: sequence, call)
        expected.add(other: name, fragment)
        return true
    }

    /// A name that no other field has. nil: one has it, with the same value.
    private func otherName(
        _ path: String, _ value: FieldValue, _ hash: UInt64, isSecond: Bool, _ call: Call
    ) throws(HostError) -> String? {
        var name = path
        if Mark.isReserved(path) { name = "source.\(path)" }
        if isSecond { name = "\(path) (\(value.type))" }
        name = name.cut(to: Holds.name.maxLength)
        var round = 1
        while let there = expected.others[ExactText(name)] {
            if there == hash { return nil }
            round += 1
            name = "\(path) (\(value.type) \(round))".cut(to: Holds.name.maxLength)
        }
        if !name.utf8.elementsEqual(path.utf8) {
            call.loss(
                LossReport(
                    .renamed, .fields, isSecond || round > 1 ? "value.second" : "name.reserved", path: path,
                    note: "Comet has one value of a name; this one is the other '\(name)'"))
        }
        return name
    }

    /// A text that is too long is cut, and stored whole beside it.
    private func fragment(
        _ path: String, _ value: FieldValue, asParameter: Bool, _ sequence: UInt64, _ call: Call
    ) throws(HostError) -> Fragment {
        switch value {
        case .int(let number): return .make { $0.value(number) }
        case .float(let number): return .make { $0.value(number) }
        case .bool(let flag):
            return asParameter ? .make { $0.value(flag) } : .text(flag ? "true" : "false")
        case .time(let microseconds):
            return .text(UTCTime(microseconds: microseconds).isoText)
        case .set(let elements):
            let list = Fragment.make { json in
                json.beginArray()
                for element in elements { json.value(element) }
                json.endArray()
            }
            // "Others" are single values.
            if asParameter, list.bytes.count <= Holds.maxValue { return list }
            return try shortened(path, String(decoding: list.bytes, as: UTF8.self), sequence, call)
        case .text(let text): return try shortened(path, text, sequence, call)
        }
    }

    private func shortened(
        _ path: String, _ text: String, _ sequence: UInt64, _ call: Call
    ) throws(HostError) -> Fragment {
        guard text.utf8.count > Holds.maxValue, text.unicodeScalars.count > Holds.maxValue else {
            return .text(text)
        }
        let name = "\(path).txt"
        let asset = asset(.plain, name, ["value", path], step: nil, time: nil, ["host.path": path])
        try writer.add(asset, .bytes(Array(text.utf8)), holding: sequence, call)
        call.loss(
            LossReport(
                .noted, .fields, "value.moved", path: path,
                note: "longer than \(Holds.maxValue) characters: the whole value is the asset \(name)"))
        return .text(text.prefix(scalars: Holds.maxValue))
    }
}

/// What Comet shows on its page of the machine, by the names that other trackers have for it.
private enum SystemDetail {
    private static let names = [
        "hostname": "hostname", "owner": "user", "user": "user", "python_version": "pythonVersion",
    ]

    static func name(of path: String) -> String? {
        names[path.split(separator: "/").last.map(String.init) ?? ""]
    }
}

extension String {
    /// At most `length` code points; a longer text ends in a mark of the whole one.
    func cut(to length: Int) -> String {
        guard unicodeScalars.count > length else { return self }
        return "\(prefix(scalars: length - 9))-\(StableHash.mark(self))"
    }
}
