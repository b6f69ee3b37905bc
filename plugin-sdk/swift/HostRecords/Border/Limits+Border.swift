// SPDX-License-Identifier: Apache-2.0

public import CHost

extension NameLimit {
    init(_ rule: host_name_rule) {
        self.init(
            Characters(rawValue: rule.characters), extra: rule.extra.string,
            first: Characters(rawValue: rule.first), maxLength: Int(rule.max_length),
            countsBytes: rule.flags & UInt32(HOST_NAME_BYTES) != 0,
            isNormalPath: rule.flags & UInt32(HOST_NAME_NORMAL_PATH) != 0,
            replacement: Unicode.Scalar(rule.replacement) ?? "_")
    }

    func border(_ arena: TextArena) -> host_name_rule {
        host_name_rule(
            struct_size: UInt32(MemoryLayout<host_name_rule>.size),
            flags: (isNormalPath ? UInt32(HOST_NAME_NORMAL_PATH) : 0) | (countsBytes ? UInt32(HOST_NAME_BYTES) : 0),
            characters: characters.rawValue, first: first.rawValue, extra: arena.text(extra),
            max_length: Int32(clamping: maxLength), replacement: replacement.value)
    }
}

extension Limits {
    /// A copy of what a plugin declares. Arrays are walked by the stride that the plugin gives.
    public init(_ limits: host_limits) {
        let tables = Self.tableBits.filter { limits.tables & $0.1 != 0 }.map(\.0)
        var names: [NameScope: NameLimit] = [:]
        if let rules = limits.names, limits.name_stride >= UInt32(MemoryLayout<host_name_rule>.size) {
            let raw = UnsafeRawPointer(rules)
            for scope in NameScope.allCases where scope.rawValue < Int(limits.name_count) {
                let place = raw + scope.rawValue * Int(limits.name_stride)
                names[scope] = NameLimit(place.loadUnaligned(as: host_name_rule.self))
            }
        }
        self.init(
            tables: Set(tables), abilities: Abilities(rawValue: limits.abilities),
            kinds: limits.kinds.string.split(separator: " ").map(String.init), names: names,
            maxText: Int(limits.max_text), maxBatchRows: Int(limits.max_batch_rows))
    }
}

/// A `host_limits` that lives as long as this object; descriptors keep theirs for ever.
public final class BorderLimits: @unchecked Sendable {
    public let pointer: UnsafeMutablePointer<host_limits>
    private let rules: UnsafeMutablePointer<host_name_rule>
    private let arena = TextArena()

    public init(_ limits: Limits) {
        rules = .allocate(capacity: NameScope.allCases.count)
        for scope in NameScope.allCases {
            (rules + scope.rawValue).initialize(to: limits.name(scope).border(arena))
        }
        pointer = .allocate(capacity: 1)
        pointer.initialize(
            to: host_limits(
                struct_size: UInt32(MemoryLayout<host_limits>.size),
                tables: Limits.tableBits.filter { limits.tables.contains($0.0) }.reduce(0) { $0 | $1.1 },
                abilities: limits.abilities.rawValue, kinds: arena.text(limits.kinds.joined(separator: " ")),
                names: UnsafePointer(rules), name_count: UInt32(NameScope.allCases.count),
                name_stride: UInt32(MemoryLayout<host_name_rule>.stride), max_text: Int64(limits.maxText),
                max_batch_rows: Int64(limits.maxBatchRows)))
    }

    deinit {
        pointer.deallocate()
        rules.deallocate()
    }
}
