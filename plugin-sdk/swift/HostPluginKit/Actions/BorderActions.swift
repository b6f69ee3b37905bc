// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// A plugin's actions as C structs.
///
/// Lifetime: allocated once and never freed, as libraries are never unloaded.
enum BorderActions {
    static func make(_ actions: [Action], _ arena: TextArena) -> UnsafePointer<host_action>? {
        ActionMismatch.differences = actions.compactMap(\.difference)
        return array(actions) { action in
            let spec = action.spec
            let parameters = array(spec.parameters) { $0.border(arena) }
            let results = array(spec.results) { result in
                host_result(
                    struct_size: UInt32(MemoryLayout<host_result>.size), type: result.kind.rawValue,
                    name: arena.text(result.name), summary: arena.text(result.summary))
            }
            return host_action(
                struct_size: UInt32(MemoryLayout<host_action>.size), effect: spec.effect.rawValue,
                flags: spec.flags.rawValue, role: spec.role.rawValue, name: arena.text(spec.name),
                summary: arena.text(spec.summary), help: arena.text(spec.help), parameters: parameters,
                parameter_count: UInt32(spec.parameters.count),
                parameter_stride: UInt32(MemoryLayout<host_option>.stride), results: results,
                result_count: UInt32(spec.results.count),
                result_stride: UInt32(MemoryLayout<host_result>.stride), function: action.function)
        }
    }

    /// nil when there is none.
    private static func array<Value, Struct>(
        _ values: [Value], _ make: (Value) -> Struct
    ) -> UnsafePointer<Struct>? {
        guard !values.isEmpty else { return nil }
        let first = UnsafeMutablePointer<Struct>.allocate(capacity: values.count)
        for (index, value) in values.enumerated() { (first + index).initialize(to: make(value)) }
        return UnsafePointer(first)
    }
}
