// SPDX-License-Identifier: Apache-2.0

public import CHost

/// What a user can set for an endpoint; `host_option` of `option.h`.
public struct OptionSpec: Sendable {
    public enum Kind: Int32, Sendable {
        case text = 1
        case int = 2
        case float = 3
        case bool = 4
        case duration = 5
        case size = 6
        case path = 7
        case url = 8
    }

    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let required = Flags(rawValue: 1)
        /// Never printed, logged or stored by the host.
        public static let secret = Flags(rawValue: 2)
        public static let advanced = Flags(rawValue: 4)
        /// Part of what the job is: a change asks for a new job.
        public static let identity = Flags(rawValue: 8)
        /// Takes the part of the endpoint behind the colon.
        public static let location = Flags(rawValue: 16)
        /// May be given more than once; for texts of actions only.
        public static let list = Flags(rawValue: 32)
    }

    public var name: String
    public var kind: Kind
    public var flags: Flags
    public var roles: Roles
    public var defaultValue: String?
    public var choices: [String]
    /// Well-known variables of the tracker's own tools; the first that is set wins.
    public var environment: [String]
    public var summary: String
    public var example: String

    public init(
        _ name: String, _ kind: Kind = .text, _ flags: Flags = [], roles: Roles = [.exporter, .loader],
        default defaultValue: String? = nil, choices: [String] = [], environment: [String] = [],
        summary: String, example: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.flags = flags
        self.roles = roles
        self.defaultValue = defaultValue
        self.choices = choices
        self.environment = environment
        self.summary = summary
        self.example = example
    }
}

/// The two roles of a plugin.
public struct Roles: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let exporter = Roles(rawValue: 1)
    public static let loader = Roles(rawValue: 2)

    public var labels: [String] {
        (contains(.exporter) ? ["exporter"] : []) + (contains(.loader) ? ["loader"] : [])
    }
}

extension OptionSpec {
    /// nil when the kind is none that this side knows.
    public init?(_ option: host_option) {
        guard let kind = Kind(rawValue: option.type) else { return nil }
        self.init(
            option.name.string, kind, Flags(rawValue: option.flags), roles: Roles(rawValue: option.roles),
            default: option.default_value.data == nil ? nil : option.default_value.string,
            choices: option.choices.string.split(separator: "|").map(String.init),
            environment: option.environment.string.split(separator: " ").map(String.init),
            summary: option.summary.string, example: option.example.string)
    }

    /// Views into `arena`.
    public func border(_ arena: TextArena) -> host_option {
        host_option(
            struct_size: UInt32(MemoryLayout<host_option>.size), type: kind.rawValue, flags: flags.rawValue,
            roles: roles.rawValue, name: arena.text(name), default_value: arena.text(defaultValue),
            choices: arena.text(choices.joined(separator: "|")),
            environment: arena.text(environment.joined(separator: " ")), summary: arena.text(summary),
            example: arena.text(example))
    }
}
