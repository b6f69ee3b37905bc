// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// The values that the user gave, checked and typed by the host; by the names of the plugin's `OptionSpec`s.
public struct Options: Sendable {
    /// The endpoint's location, as it was typed; empty when there is none.
    public let scope: String
    private var texts: [String: String] = [:]
    private var integers: [String: Int64] = [:]
    private var numbers: [String: Double] = [:]

    init(_ args: host_open, specs: [OptionSpec]) {
        scope = args.scope.string
        guard let values = args.values, args.value_stride >= UInt32(MemoryLayout<host_option_value>.size) else {
            return
        }
        let raw = UnsafeRawPointer(values)
        for position in 0..<Int(args.value_count) {
            let value = (raw + position * Int(args.value_stride)).loadUnaligned(as: host_option_value.self)
            guard Int(value.index) < specs.count else { continue }
            let spec = specs[Int(value.index)]
            switch spec.kind {
            case .text, .path, .url: texts[spec.name] = value.text.string
            case .int, .bool, .duration, .size: integers[spec.name] = value.integer
            case .float: numbers[spec.name] = value.number
            }
        }
    }

    public func text(_ name: String) -> String? { texts[name] }
    public func int(_ name: String) -> Int64? { integers[name] }
    public func bool(_ name: String) -> Bool { integers[name] == 1 }
    public func float(_ name: String) -> Double? { numbers[name] }
}
