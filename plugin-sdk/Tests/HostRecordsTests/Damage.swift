// SPDX-License-Identifier: Apache-2.0

import HostRecords

/// One array in a batch: a column, the items of a list column, or the dictionary of an encoded one.
struct DamageSite {
    enum Part: CaseIterable { case column, items, dictionary }

    let column: Int
    let part: Part
    let rule: ColumnRule
    /// The values that reading the batch's rows can reach.
    let used: Range<Int>

    static func all(_ root: ForeignNode, _ table: Table) -> [DamageSite] {
        var sites: [DamageSite] = []
        for (index, node) in root.children.enumerated() {
            guard let rule = table.columns.first(where: { $0.name == node.name }) else { continue }
            let rows = Int(root.length)
            sites.append(DamageSite(column: index, part: .column, rule: rule, used: 0..<rows))
            if let offsets = node.buffers[1], !node.children.isEmpty, rows > 0 {
                let first = Int(offsets.element(Int(node.offset), of: Int32.self))
                let last = Int(offsets.element(Int(node.offset) + rows, of: Int32.self))
                sites.append(DamageSite(column: index, part: .items, rule: rule, used: first..<last))
            }
            if let dictionary = node.dictionary.first {
                sites.append(
                    DamageSite(column: index, part: .dictionary, rule: rule, used: 0..<Int(dictionary.length))
                )
            }
        }
        return sites
    }

    func with<Result>(_ root: inout ForeignNode, _ body: (inout ForeignNode) -> Result) -> Result {
        switch part {
        case .column: body(&root.children[column])
        case .items: body(&root.children[column].children[0])
        case .dictionary: body(&root.children[column].dictionary[0])
        }
    }
}

/// One way to break a valid batch such that the structs and the memory they surely have prove it.
struct Damage: Sendable {
    let name: String
    /// False when the batch gives no opportunity; it is then unchanged.
    let apply: @Sendable (inout ForeignNode, DamageSite, inout SeededGenerator) -> Bool

    static let all = ofRoot + ofShape + ofContents

    static func root(
        _ name: String, _ apply: @escaping @Sendable (inout ForeignNode, inout SeededGenerator) -> Bool
    ) -> Damage {
        Damage(name: name) { root, _, random in apply(&root, &random) }
    }

    static func node(
        _ name: String,
        _ apply: @escaping @Sendable (inout ForeignNode, DamageSite, inout SeededGenerator) -> Bool
    ) -> Damage {
        Damage(name: name) { root, site, random in site.with(&root) { apply(&$0, site, &random) } }
    }
}
