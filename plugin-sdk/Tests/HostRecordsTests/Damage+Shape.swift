// SPDX-License-Identifier: Apache-2.0

import HostRecords

extension Damage {
    /// Damages to the structs of one array.
    static let ofShape: [Damage] = [
        node("missing") { node, _, random in
            if random.one(in: 2) { node.isFieldMissing = true } else { node.isArrayMissing = true }
            return true
        },
        node("released") { node, _, random in
            if random.one(in: 2) { node.isFieldReleased = true } else { node.isArrayReleased = true }
            return true
        },
        node("length") { node, site, random in
            // A shorter dictionary shows only when its last entries are used, which "index" covers.
            let short = site.part == .dictionary || site.used.isEmpty ? -1 : Int64(site.used.upperBound) - 1
            node.length = random.pick([-1, .min, short, .max])
            return true
        },
        node("offset") { node, _, random in
            node.offset = random.pick([-1, .min, 1 << 41, .max, .max - 1])
            return true
        },
        node("null count") { node, site, random in
            var told: [Int64] = [-2, .min, node.length + 1, .max]
            if node.buffers[0] == nil, node.length > 0 { told.append(1) }
            // Only of exactly these rows the bits can be counted.
            if node.buffers[0] != nil, node.length == Int64(site.used.upperBound), node.nullCount >= 0 {
                told += [node.nullCount + 1, node.nullCount - 1].filter { $0 >= 0 }
            }
            node.nullCount = random.pick(told)
            return true
        },
        node("buffer count") { node, _, random in
            let count = Int64(node.buffers.count)
            node.toldBuffers = random.pick([0, count - 1, count + 1, -1, .max])
            return true
        },
        node("no buffers") { node, _, _ in
            node.hasBufferList = false
            return true
        },
        node("null buffer") { node, site, random in
            guard !site.used.isEmpty else { return false }
            node.buffers[node.buffers.count == 3 && node.textSize(site.used) > 0 ? random.pick([1, 2]) : 1] =
                nil
            return true
        },
        node("misaligned") { node, site, _ in
            guard !site.used.isEmpty, node.format != "b" else { return false }
            node.misaligned = 1
            return true
        },
        node("format") { node, site, random in
            let allowed: [String]
            switch (site.part, site.rule.kind) {
            case (.dictionary, _), (.items, .textList): allowed = ["u", "U"]
            case (.column, .text): allowed = ["u", "U"] + (node.dictionary.isEmpty ? [] : ["i"])
            case (.column, .bool): allowed = ["b"]
            case (.column, .int32): allowed = ["i"]
            case (.column, .int64): allowed = ["l"]
            case (.column, .float64), (.items, _): allowed = ["g"]
            case (.column, .time): allowed = ["tsm:UTC", "tsu:UTC"]
            case (.column, .textList), (.column, .floatList): allowed = ["+l"]
            }
            let formats = [
                nil, "", "n", "b", "c", "C", "s", "S", "i", "I", "l", "L", "e", "f", "g", "z", "Z", "u", "U",
                "vu", "tdD",
                "tsm:UTC", "tsu:UTC", "tsn:UTC", "tsm:", "tsu:Europe/Berlin", "+l", "+L", "+s", "+m", "uU",
            ]
            node.format = random.pick(formats.filter { $0.map { !allowed.contains($0) } ?? true })
            return true
        },
        node("children") { node, _, random in
            let count = Int64(node.children.count)
            let told = random.pick([count + 1, -1, .max] + (count > 0 ? [0] : []))
            switch Int.random(in: 0...2, using: &random) {
            case 0: node.toldFieldChildren = told
            case 1: node.toldArrayChildren = told
            default:
                node.toldFieldChildren = told
                node.toldArrayChildren = told
            }
            return true
        },
        node("dictionary") { node, _, random in
            if node.dictionary.isEmpty {
                var inner = node
                if random.one(in: 3) {
                    inner.isFieldMissing = true
                } else if random.one(in: 2) {
                    inner.isArrayMissing = true
                }
                node.dictionary = [inner]
            } else if random.one(in: 2) {
                node.dictionary[0].isFieldMissing = true
            } else {
                node.dictionary = []
            }
            return true
        },
    ]
}
