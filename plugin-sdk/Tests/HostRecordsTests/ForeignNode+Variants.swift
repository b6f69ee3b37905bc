// SPDX-License-Identifier: Apache-2.0

import HostRecords

extension ForeignNode {
    /// The same values as another producer could have written them: narrow text, slices with an offset, unknown
    /// null counts, milliseconds, columns that nobody knows.
    func variant(_ random: inout SeededGenerator) -> ForeignNode {
        var root = self
        for index in root.children.indices {
            root.children[index] = Self.rewritten(root.children[index], &random)
            // The rows are those of the struct; a column may have more.
            if random.one(in: 6), root.length > 0 { root.children[index].addsRowsBehind(&random) }
        }
        if random.one(in: 3) {
            var stranger = ForeignNode()
            stranger.format = "w:7"
            stranger.name = "not-in-the-table"
            stranger.length = root.length
            stranger.toldBuffers = -5
            stranger.toldFieldChildren = 1 << 50
            root.children.insert(stranger, at: Int.random(in: 0...root.children.count, using: &random))
        }
        return root
    }

    private static func rewritten(_ node: ForeignNode, _ random: inout SeededGenerator) -> ForeignNode {
        var node = node
        if node.format == "U", random.one(in: 2) { node.narrow() }
        node.children = node.children.map { rewritten($0, &random) }
        node.dictionary = node.dictionary.map { rewritten($0, &random) }
        if random.one(in: 2) { node.addPaddingBefore(Int.random(in: 1...11, using: &random)) }
        if random.one(in: 3) { node.nullCount = -1 }
        return node
    }

    private mutating func narrow() {
        guard let offsets = buffers[1] else { return }
        format = "u"
        buffers[1] = .of((0..<offsets.count / 8).map { Int32(offsets.element($0, of: Int64.self)) })
    }

    /// Rows in front of the first, which `offset` leaves out.
    private mutating func addPaddingBefore(_ count: Int) {
        if let bits = buffers[0] { buffers[0] = Self.shifted(bits, by: count, length: Int(length + offset)) }
        switch format {
        case "b":
            buffers[1] = buffers[1].map { Self.shifted($0, by: count, length: Int(length + offset)) }
        case "u", "U", "+l":
            let width = format == "U" ? 8 : 4
            // Positions stay ascending when the first is repeated.
            buffers[1] = buffers[1].map { offsets in
                (0..<count).flatMap { _ in offsets.prefix(width) } + offsets
            }
        default:
            let width = format == "i" ? 4 : 8
            buffers[1] = buffers[1].map { Array(repeating: 0xFF, count: count * width) + $0 }
        }
        offset += Int64(count)
    }

    private static func shifted(_ bits: [UInt8], by count: Int, length: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: (length + count + 7) / 8)
        for index in 0..<length { result.setBit(index + count, bits.bit(index)) }
        return result
    }

    /// Rows behind the last of the batch.
    private mutating func addsRowsBehind(_ random: inout SeededGenerator) {
        let last = Int(length + offset)
        if buffers[0] != nil {
            buffers[0]?.append(contentsOf: [0, 0])
            if nullCount >= 0 { nullCount = min(nullCount + 3, length + 3) }
        }
        switch format {
        case "b": buffers[1]?.append(contentsOf: [0, 0])
        case "u":
            if let end = buffers[1]?.element(last, of: Int32.self) { buffers[1]? += .of([end, end, end]) }
        case "U":
            if let end = buffers[1]?.element(last, of: Int64.self) { buffers[1]? += .of([end, end, end]) }
        case "+l":
            if let end = buffers[1]?.element(last, of: Int32.self) { buffers[1]? += .of([end, end, end]) }
        default:
            let width = format == "i" ? 4 : 8
            buffers[1]?.append(contentsOf: [UInt8](repeating: 0xEE, count: 3 * width))
        }
        length += 3
    }
}
