// SPDX-License-Identifier: Apache-2.0

/// Where names of a target live; records of one scope share a name space.
public enum NameScope: Int, CaseIterable, Sendable {
    case parameter = 0
    case tag = 1
    case metric = 2
    case file = 3

    public var label: String {
        switch self {
        case .parameter: "parameter"
        case .tag: "tag"
        case .metric: "metric"
        case .file: "file"
        }
    }
}

/// Which names a target takes; `host_name_rule` of `limits.h`.
public struct NameLimit: Sendable, Equatable {
    public struct Characters: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let asciiLetter = Characters(rawValue: 1)
        public static let asciiDigit = Characters(rawValue: 2)
        /// Letters (general category L*) and numerics of all scripts, and `_`.
        public static let word = Characters(rawValue: 4)
        /// Every character but control characters.
        public static let any = Characters(rawValue: 8)
    }

    public var characters: Characters
    /// Empty: as everywhere.
    public var first: Characters
    public var extra: String
    /// 0: no limit.
    public var maxLength: Int
    public var countsBytes: Bool
    /// No empty, `.` or `..` part between slashes, none at the ends.
    public var isNormalPath: Bool
    public var replacement: Unicode.Scalar

    public init(
        _ characters: Characters, extra: String = "", first: Characters = [], maxLength: Int = 0,
        countsBytes: Bool = false, isNormalPath: Bool = false, replacement: Unicode.Scalar = "_"
    ) {
        self.characters = characters
        self.first = first
        self.extra = extra
        self.maxLength = maxLength
        self.countsBytes = countsBytes
        self.isNormalPath = isNormalPath
        self.replacement = replacement
    }

    public static let unlimited = NameLimit(.any, extra: "\t\n\r")
}

/// What a target can do; `HOST_CAN_…` of `limits.h`.
public struct Abilities: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public static let fractionalSteps = Abilities(rawValue: 1)
    public static let nan = Abilities(rawValue: 2)
    public static let infinity = Abilities(rawValue: 4)
    public static let negativeZero = Abilities(rawValue: 8)
    public static let setTimes = Abilities(rawValue: 16)
    public static let noTime = Abilities(rawValue: 32)
    public static let timesBefore1970 = Abilities(rawValue: 64)
    public static let types = Abilities(rawValue: 128)
    public static let nesting = Abilities(rawValue: 256)
    public static let forks = Abilities(rawValue: 512)
    public static let noStep = Abilities(rawValue: 1024)
    public static let nul = Abilities(rawValue: 2048)
    public static let microseconds = Abilities(rawValue: 4096)
    public static let duplicatePoints = Abilities(rawValue: 8192)

    public static let all = Abilities(rawValue: 16383)
}

/// What a loader's target can hold; `host_limits` of `limits.h`.
public struct Limits: Sendable {
    public var tables: Set<Table>
    public var abilities: Abilities
    public var kinds: [String]
    public var names: [NameScope: NameLimit]
    /// Longest text of a field in characters; 0: no limit.
    public var maxText: Int
    public var maxBatchRows: Int

    public init(
        tables: Set<Table>, abilities: Abilities, kinds: [String], names: [NameScope: NameLimit] = [:],
        maxText: Int = 0, maxBatchRows: Int = 0
    ) {
        self.tables = tables
        self.abilities = abilities
        self.kinds = kinds
        self.names = names
        self.maxText = maxText
        self.maxBatchRows = maxBatchRows
    }

    public func name(_ scope: NameScope) -> NameLimit { names[scope] ?? .unlimited }

    /// The bits of `HOST_TAKES_…`.
    static let tableBits: [(Table, UInt32)] = [
        (.fields, 1), (.points, 2), (.series, 4), (.histograms, 8), (.files, 16), (.links, 32), (.grants, 64),
    ]
}
