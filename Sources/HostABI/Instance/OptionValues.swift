// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// One option of an endpoint, checked and typed.
package enum OptionValue: Sendable, Equatable {
    case text(String)
    /// int, bool (0, 1), duration (milliseconds), size (bytes)
    case integer(Int64)
    case number(Double)
}

/// The values of an endpoint in the form that `open` takes.
package struct OptionValues: Sendable {
    package var scope: String
    /// By the position of the option in the plugin's descriptor.
    package var values: [Int: OptionValue]

    package init(scope: String, values: [Int: OptionValue]) {
        self.scope = scope
        self.values = values
    }

    /// Runs `body` with a C view that is valid until it returns.
    func withBorder<Result>(_ body: (UnsafePointer<host_open>) -> Result) -> Result {
        let arena = TextArena()
        let size = UInt32(MemoryLayout<host_option_value>.size)
        let raw = values.sorted { $0.key < $1.key }.map { index, value in
            var entry = host_option_value()
            entry.struct_size = size
            entry.index = UInt32(index)
            switch value {
            case .text(let text): entry.text = arena.text(text)
            case .integer(let integer): entry.integer = integer
            case .number(let number): entry.number = number
            }
            return entry
        }
        return raw.withUnsafeBufferPointer { buffer in
            var open = host_open(
                struct_size: UInt32(MemoryLayout<host_open>.size), value_count: UInt32(buffer.count),
                value_stride: UInt32(MemoryLayout<host_option_value>.stride), reserved: 0,
                values: buffer.baseAddress, scope: arena.text(scope))
            return withExtendedLifetime(arena) { body(&open) }
        }
    }
}
