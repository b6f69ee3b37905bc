// SPDX-License-Identifier: Apache-2.0

public import CHost

/// An ordinary function that a plugin offers beside moving records; `host_action` of `action.h`.
public struct ActionSpec: Sendable {
    public enum Effect: Int32, Sendable {
        case reads = 1
        case writes = 2
        case deletes = 3

        public var label: String {
            switch self {
            case .reads: "reads"
            case .writes: "writes"
            case .deletes: "deletes"
            }
        }
    }

    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Can say what it would do without doing it.
        public static let dryRun = Flags(rawValue: 1)
        /// The results are the columns of a table.
        public static let rows = Flags(rawValue: 2)
    }

    /// A result, or a column of the table that is the result; `host_result`.
    public struct Result: Sendable {
        public var name: String
        public var kind: OptionSpec.Kind
        public var summary: String

        public init(_ name: String, _ kind: OptionSpec.Kind = .text, summary: String) {
            self.name = name
            self.kind = kind
            self.summary = summary
        }
    }

    public var name: String
    public var effect: Effect
    public var flags: Flags
    /// The role whose `open` makes the instance that it works on; none: it needs none.
    public var role: Roles
    public var summary: String
    public var help: String
    public var parameters: [OptionSpec]
    public var results: [Result]

    public init(
        _ name: String, _ effect: Effect, _ flags: Flags = [], role: Roles = [], summary: String, help: String = "",
        parameters: [OptionSpec] = [], results: [Result] = []
    ) {
        self.name = name
        self.effect = effect
        self.flags = flags
        self.role = role
        self.summary = summary
        self.help = help
        self.parameters = parameters
        self.results = results
    }
}

extension ActionSpec {
    /// nil when something of the declaration is unknown here, or out of the limits of `action.h`.
    public init?(_ action: host_action) {
        guard let effect = Effect(rawValue: action.effect),
            let parameters = Self.walk(
                action.parameters, action.parameter_count, action.parameter_stride, HOST_MAX_PARAMETERS,
                { OptionSpec($0) }),
            let results = Self.walk(
                action.results, action.result_count, action.result_stride, HOST_MAX_RESULTS,
                { (result: host_result) in
                    OptionSpec.Kind(rawValue: result.type).map {
                        Result(result.name.string, $0, summary: result.summary.string)
                    }
                })
        else { return nil }
        self.init(
            action.name.string, effect, Flags(rawValue: action.flags), role: Roles(rawValue: action.role),
            summary: action.summary.string, help: action.help.string, parameters: parameters, results: results)
    }

    /// Copies of the structs of an array that is walked by the stride its maker gives.
    private static func walk<Struct, Value>(
        _ first: UnsafePointer<Struct>?, _ count: UInt32, _ stride: UInt32, _ most: Int,
        _ make: (Struct) -> Value?
    ) -> [Value]? {
        guard count > 0 else { return [] }
        guard let first, Int(count) <= most, Int(stride) >= MemoryLayout<Struct>.size else { return nil }
        let raw = UnsafeRawPointer(first)
        var values: [Value] = []
        for index in 0..<Int(count) {
            guard let value = make((raw + index * Int(stride)).loadUnaligned(as: Struct.self)) else { return nil }
            values.append(value)
        }
        return values
    }
}
