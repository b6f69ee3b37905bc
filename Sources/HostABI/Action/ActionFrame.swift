// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// The arguments of one call in the order and widths of its signature.
///
/// Lifetime: its pointers are those of `memory`, which it keeps. Thread rule: one thread.
struct ActionFrame {
    enum Slot {
        case pointer(UnsafeRawPointer?)
        case int32(Int32)
        case int64(Int64)
        case double(Double)

        var cell: CallInterface.Cell {
            switch self {
            case .pointer: .pointer
            case .int32: .int32
            case .int64: .int64
            case .double: .double
            }
        }
    }

    private let memory: any ActionMemory
    private var slots: [Slot]
    /// A cell for each result; empty for an action that yields rows.
    let results: [UnsafeMutableRawPointer]

    /// - Parameter arguments: checked against `spec`.
    init(
        _ spec: ActionSpec, _ arguments: ActionArguments, call: OpaquePointer, instance: OpaquePointer?,
        memory: any ActionMemory
    ) {
        self.memory = memory
        slots = [.pointer(UnsafeRawPointer(call))]
        if !spec.role.isEmpty { slots.append(.pointer(instance.map { UnsafeRawPointer($0) })) }
        if spec.flags.contains(.dryRun) { slots.append(.int32(arguments.isDryRun ? 1 : 0)) }
        for (parameter, argument) in zip(spec.parameters, arguments.values) {
            slots += Self.slots(parameter, argument, memory)
        }
        results =
            spec.flags.contains(.rows) ? [] : spec.results.map { memory.result(size: $0.word.resultSize) }
        slots += results.map { .pointer(UnsafeRawPointer($0)) }
    }

    /// Arguments behind the declared ones, which a function that fits its declaration never looks at.
    mutating func add(_ more: [Slot]) { slots += more }

    func call(_ function: host_action_function) throws(HostError) -> host_status {
        let interface = try CallInterface.of(slots.map(\.cell))
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: slots.count) { cells in
            withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: slots.count) {
                addresses in
                guard let first = addresses.baseAddress, let memory = cells.baseAddress else {
                    return host_status(HOST_INTERNAL)
                }
                for (index, slot) in slots.enumerated() {
                    (memory + index).initialize(to: 0)
                    let cell = UnsafeMutableRawPointer(memory + index)
                    switch slot {
                    case .pointer(let value): cell.storeBytes(of: value, as: UnsafeRawPointer?.self)
                    case .int32(let value): cell.storeBytes(of: value, as: Int32.self)
                    case .int64(let value): cell.storeBytes(of: value, as: Int64.self)
                    case .double(let value): cell.storeBytes(of: value, as: Double.self)
                    }
                    addresses.initializeElement(at: index, to: cell)
                }
                return withExtendedLifetime(self.memory) { interface.call(function, first) }
            }
        }
    }

    private static func slots(
        _ parameter: OptionSpec, _ argument: ActionArgument, _ memory: any ActionMemory
    ) -> [Slot] {
        switch (parameter.kind, argument) {
        case (.bool, .value(.integer(let number))): return [.int32(Int32(truncatingIfNeeded: number))]
        case (_, .value(.integer(let number))): return [.int64(number)]
        case (_, .value(.number(let number))): return [.double(number)]
        case (_, .value(.text(let text))):
            let view = memory.text(text)
            return [.pointer(UnsafeRawPointer(view.data)), .int64(view.size)]
        case (_, .texts(let texts)): return [.pointer(memory.list(texts)), .int64(Int64(texts.count))]
        case (_, .absent): return [.pointer(nil), .int64(0)]
        }
    }
}

extension ActionFrame {
    /// Copies the results out; text ones are borrowed until the plugin is called again.
    func values(_ spec: ActionSpec) throws(HostError) -> [OptionValue] {
        var values: [OptionValue] = []
        for index in results.indices { values.append(try value(spec.results[index], at: index)) }
        return values
    }

    func value(_ result: ActionSpec.Result, at index: Int) throws(HostError) -> OptionValue {
        let cell = results[index]
        switch result.word {
        case .numberResult: return .number(cell.load(as: Double.self))
        case .truthResult:
            let truth = cell.load(as: Int32.self)
            guard truth == 0 || truth == 1 else {
                throw HostError(
                    .invalidData, "The result is neither true nor false (\(truth)).", subject: result.name)
            }
            return .integer(Int64(truth))
        case .textResult: return .text(try ActionTexts.copy(cell.load(as: host_text.self), result.name))
        default: return .integer(cell.load(as: Int64.self))
        }
    }
}

extension ActionSignature.Word {
    /// Bytes of the cell that the function fills.
    var resultSize: Int {
        switch self {
        case .truthResult: MemoryLayout<Int32>.size
        case .textResult: MemoryLayout<host_text>.size
        default: MemoryLayout<Int64>.size
        }
    }
}
