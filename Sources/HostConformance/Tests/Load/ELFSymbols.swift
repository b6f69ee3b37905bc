// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The symbols that a shared library offers to others: its dynamic symbol table, read from the file without running
/// anything. 64-bit little-endian ELF, as the System V gABI describes it (chapter 4).
package struct ELFSymbols {
    package struct Symbol: Equatable {
        package var name: String
        /// Stands back behind another library's symbol of that name.
        package var isWeak: Bool

        package init(name: String, isWeak: Bool) {
            self.name = name
            self.isWeak = isWeak
        }
    }

    package let exported: [Symbol]

    private static let dynamicSymbols: UInt32 = 11  // SHT_DYNSYM
    private static let symbolSize = 24

    /// nil when the bytes are no such file or have no section for dynamic symbols.
    package init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
        func number<Value: FixedWidthInteger>(_ type: Value.Type, _ place: Int) -> Value? {
            guard place >= 0, place + MemoryLayout<Value>.size <= bytes.count else { return nil }
            return bytes.withUnsafeBytes {
                Value(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Value.self))
            }
        }
        guard let sections = number(UInt64.self, 0x28), let size = number(UInt16.self, 0x3A),
            let count = number(UInt16.self, 0x3C), size >= 64, sections < UInt64(bytes.count)
        else { return nil }
        func section(_ index: Int) -> (type: UInt32, offset: Int, size: Int, link: Int)? {
            let place = Int(sections) + index * Int(size)
            guard let type = number(UInt32.self, place + 4), let offset = number(UInt64.self, place + 24),
                let length = number(UInt64.self, place + 32), let link = number(UInt32.self, place + 40),
                offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset
            else { return nil }
            return (type, Int(offset), Int(length), Int(link))
        }
        let all = (0..<Int(count)).compactMap { section($0) }
        guard let table = all.first(where: { $0.type == Self.dynamicSymbols }), table.link < Int(count),
            let names = section(table.link)
        else { return nil }
        var exported: [Symbol] = []
        for entry in stride(from: table.offset, to: table.offset + table.size, by: Self.symbolSize) {
            guard let name = number(UInt32.self, entry), let info = number(UInt8.self, entry + 4),
                let other = number(UInt8.self, entry + 5), let home = number(UInt16.self, entry + 6)
            else { break }
            // Defined here (not SHN_UNDEF), global or weak or unique, with default visibility.
            guard home != 0, [1, 2, 10].contains(info >> 4), other & 3 == 0 else { continue }
            let start = names.offset + Int(name)
            guard start < names.offset + names.size else { continue }
            let text = bytes[start..<(names.offset + names.size)].prefix { $0 != 0 }
            exported.append(Symbol(name: String(decoding: text, as: UTF8.self), isWeak: info >> 4 != 1))
        }
        self.exported = exported.sorted { $0.name < $1.name }
    }
}
