// SPDX-License-Identifier: Apache-2.0

/// The C parameters of an action's function, as `action.h` derives them from the declaration.
public struct ActionSignature: Hashable, Sendable {
    /// One C parameter.
    public enum Word: Hashable, Sendable {
        case call
        case instance
        case dryRun
        case integer
        case number
        case truth
        /// `const char *`; its size follows.
        case text
        /// `const host_text *`; its count follows.
        case list
        /// Bytes of a text or items of a list.
        case count
        case integerResult
        case numberResult
        case truthResult
        case textResult
    }

    public let words: [Word]

    public init(_ spec: ActionSpec) {
        var words: [Word] = [.call]
        if !spec.role.isEmpty { words.append(.instance) }
        if spec.flags.contains(.dryRun) { words.append(.dryRun) }
        for parameter in spec.parameters {
            switch parameter.kind {
            case .int, .duration, .size: words.append(.integer)
            case .float: words.append(.number)
            case .bool: words.append(.truth)
            case .text, .path, .url: words += [parameter.flags.contains(.list) ? .list : .text, .count]
            }
        }
        if !spec.flags.contains(.rows) { words += spec.results.map(\.word) }
        self.words = words
    }

    /// As in C, for messages: `host_status (host_call *, int64_t)`.
    public var description: String { "host_status (\(words.map(\.inC).joined(separator: ", ")))" }
}

extension ActionSpec.Result {
    /// What the function gets to put this result into.
    public var word: ActionSignature.Word {
        switch kind {
        case .int, .duration, .size: .integerResult
        case .float: .numberResult
        case .bool: .truthResult
        case .text, .path, .url: .textResult
        }
    }
}

extension ActionSignature.Word {
    public var inC: String {
        switch self {
        case .call: "host_call *"
        case .instance: "host_instance *"
        case .dryRun, .truth: "int32_t"
        case .integer, .count: "int64_t"
        case .number: "double"
        case .text: "const char *"
        case .list: "const host_text *"
        case .integerResult: "int64_t *"
        case .numberResult: "double *"
        case .truthResult: "int32_t *"
        case .textResult: "host_text *"
        }
    }
}
