// SPDX-License-Identifier: Apache-2.0

internal import HostABI
internal import HostCore

/// The resolved options of an endpoint in a form that can be sent to a child.
struct EndpointValues: Sendable, Codable {
    enum Value: Sendable, Codable {
        case text(String)
        case integer(Int64)
        case number(Double)
    }

    var scope: String
    /// By the position of the option in the descriptor.
    var values: [Int: Value]
    var secrets: [String]

    /// Stands for the test's folder until there is one. An absolute path, so that path options stay as they are.
    static let scratchMark = "/host-conformance-scratch"

    init(_ options: ResolvedOptions) {
        scope = options.values.scope
        secrets = options.secrets
        values = options.values.values.mapValues { value in
            switch value {
            case .text(let text): .text(text)
            case .integer(let integer): .integer(integer)
            case .number(let number): .number(number)
            }
        }
    }

    func inside(_ scratch: String) -> EndpointValues {
        var result = self
        result.scope = scope.replacing(Self.scratchMark, with: scratch)
        result.values = values.mapValues { value in
            if case .text(let text) = value { return .text(text.replacing(Self.scratchMark, with: scratch)) }
            return value
        }
        return result
    }
}
