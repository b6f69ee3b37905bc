// SPDX-License-Identifier: Apache-2.0

import HostRecords

extension Damage {
    /// Damages to the struct array itself.
    static let ofRoot: [Damage] = [
        root("root length") { root, random in
            root.length = random.pick([-1, .min, 65_537, 1 << 33, .max])
            return true
        },
        root("more rows than values") { root, random in
            guard let shortest = root.children.map(\.length).min() else { return false }
            root.length = shortest + Int64.random(in: 1...9, using: &random)
            return true
        },
        root("root offset") { root, random in
            root.offset = random.pick([1, -1, .max])
            return true
        },
        root("root nulls") { root, random in
            root.nullCount = random.pick([1, -2, .max])
            return true
        },
        root("root validity") { root, _ in
            guard root.length > 0 else { return false }
            root.buffers = [[UInt8](repeating: 0, count: Int(root.length + 7) / 8)]
            return true
        },
        root("root buffers") { root, random in
            if random.one(in: 2) {
                root.hasBufferList = false
            } else {
                root.toldBuffers = random.pick([0, 2, -1])
            }
            return true
        },
        root("root format") { root, random in
            root.format = random.pick([nil, "", "+l", "s", "+struct"])
            return true
        },
        root("root children") { root, random in
            let count = Int64(root.children.count)
            switch Int.random(in: 0...2, using: &random) {
            case 0: root.toldFieldChildren = random.pick([count - 1, -1, 1 << 40])
            case 1: root.toldArrayChildren = random.pick([count - 1, -1, 1 << 40])
            default:
                let told: Int64 = random.pick([-1, 257, .max])
                root.toldFieldChildren = told
                root.toldArrayChildren = told
            }
            return true
        },
        root("root dictionary") { root, _ in
            guard let child = root.children.first(where: { $0.format == "U" }) else { return false }
            root.dictionary = [child]
            return true
        },
        root("root released") { root, random in
            if random.one(in: 2) { root.isFieldReleased = true } else { root.isArrayReleased = true }
            return true
        },
        Damage(name: "required column gone") { root, site, random in
            guard site.rule.isRequired else { return false }
            if random.one(in: 2) {
                root.children.remove(at: site.column)
            } else {
                root.children[site.column].name = nil
            }
            return true
        },
        Damage(name: "column twice") { root, site, random in
            root.children.insert(
                root.children[site.column], at: Int.random(in: 0...root.children.count, using: &random))
            return true
        },
    ]
}
