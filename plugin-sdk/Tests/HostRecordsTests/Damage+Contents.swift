// SPDX-License-Identifier: Apache-2.0

import HostRecords

extension Damage {
    /// Damages to what the buffers hold.
    static let ofContents: [Damage] = [
        node("text offsets") { node, site, random in
            guard node.buffers.count == 3, !site.used.isEmpty else { return false }
            return node.breakOffsets(site.used, &random)
        },
        node("list offsets") { node, site, random in
            guard node.format == "+l", !site.used.isEmpty else { return false }
            if random.one(in: 3) {
                let last = Int(node.offset) + site.used.upperBound
                node.buffers[1]?.set(last, Int32(clamping: node.children[0].length + 1))
                return true
            }
            return node.breakOffsets(site.used, &random)
        },
        node("not UTF-8") { node, site, random in
            guard node.buffers.count == 3, let bytes = node.textRange(site.used), !bytes.isEmpty else {
                return false
            }
            node.buffers[2]?[Int.random(in: bytes, using: &random)] = random.pick([0xFF, 0xC0, 0xF5])
            return true
        },
        node("character cut by a boundary") { node, site, random in
            guard node.buffers.count == 3, let text = node.buffers[2], site.used.count > 1 else {
                return false
            }
            for index in site.used.dropFirst() {
                let place = Int(node.offset) + index
                let (before, here) = (node.textOffset(place - 1), node.textOffset(place))
                // The text in front ends in a character of several bytes: its last byte moves to the next text.
                guard here - before >= 2, text[here - 1] & 0xC0 == 0x80 else { continue }
                node.setTextOffset(place, here - 1)
                return true
            }
            return false
        },
        Damage(name: "index") { root, site, random in
            guard site.part == .dictionary, root.length > 0 else { return false }
            let size = site.used.upperBound
            var node = root.children[site.column]
            let rows = (0..<Int(root.length)).filter { node.isValid($0) }
            guard let row = rows.randomElement(using: &random) else { return false }
            node.buffers[1]?.set(
                Int(node.offset) + row, random.pick([Int32(size), -1, .min, .max, Int32(size) + 1]))
            root.children[site.column] = node
            return true
        },
        node("null where none may be") { node, site, random in
            guard site.part != .column || site.rule.isRequired,
                let row = site.used.randomElement(using: &random)
            else { return false }
            let count = Int(node.length + node.offset)
            if node.buffers[0] == nil { node.buffers[0] = [UInt8](repeating: 0xFF, count: (count + 7) / 8) }
            guard node.isValid(row) else { return false }
            node.buffers[0]?.setBit(Int(node.offset) + row, false)
            node.nullCount = node.nullCount < 0 ? -1 : node.nullCount + 1
            return true
        },
        node("millionths") { node, site, random in
            guard site.rule.name.hasSuffix("millionths") else { return false }
            guard let row = site.used.first(where: { node.isValid($0) }) else { return false }
            node.buffers[1]?.set(Int(node.offset) + row, random.pick([1_000_000, -1, Int32.min, .max]))
            return true
        },
    ]
}

extension ForeignNode {
    func isValid(_ row: Int) -> Bool { nullCount == 0 || buffers[0]?.bit(Int(offset) + row) != false }

    func textOffset(_ place: Int) -> Int {
        format == "U"
            ? Int(buffers[1]?.element(place, of: Int64.self) ?? 0)
            : Int(buffers[1]?.element(place, of: Int32.self) ?? 0)
    }

    mutating func setTextOffset(_ place: Int, _ value: Int) {
        if format == "U" {
            buffers[1]?.set(place, Int64(value))
        } else {
            buffers[1]?.set(place, Int32(clamping: value))
        }
    }

    func textRange(_ used: Range<Int>) -> Range<Int>? {
        used.isEmpty
            ? nil : textOffset(Int(offset) + used.lowerBound)..<textOffset(Int(offset) + used.upperBound)
    }

    func textSize(_ used: Range<Int>) -> Int { textRange(used)?.count ?? 0 }

    /// Negative at the start, or smaller than the one before.
    mutating func breakOffsets(_ used: Range<Int>, _ random: inout SeededGenerator) -> Bool {
        let first = Int(offset) + used.lowerBound
        let before = first + Int.random(in: 0..<used.count, using: &random)
        let value = textOffset(before)
        switch Int.random(in: 0...2, using: &random) {
        case 0: setTextOffset(first, random.pick([-1, Int(Int32.min)]))
        case 1: setTextOffset(before + 1, value - 1)
        default:
            // More text than any batch may have; only wide offsets can say so.
            guard format == "U" else { return false }
            setTextOffset(first + used.count, random.pick([.max, 1 << 40]))
        }
        return true
    }
}
