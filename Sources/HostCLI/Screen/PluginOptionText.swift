// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// Words for a plugin's options.
extension OptionSpec {
    /// What sets it apart from an ordinary option, in words.
    var marks: [String] {
        let words: [(Flags, String)] = [
            (.required, "required"), (.secret, "secret"), (.advanced, "advanced"),
        ]
        return words.filter { flags.contains($0.0) }.map(\.1)
    }

    /// Environment variables that give it, the first one that is set wins.
    func variables(_ role: Roles) -> [String] {
        let side = role == .exporter ? "FROM" : "TO"
        return ["HOST_\(side)_" + name.uppercased().split(separator: "-").joined(separator: "_")]
            + environment
    }
}

extension OptionSpec.Kind {
    var label: String {
        switch self {
        case .text: "text"
        case .int: "whole number"
        case .float: "number"
        case .bool: "true or false"
        case .duration: "duration"
        case .size: "size"
        case .path: "path"
        case .url: "URL"
        }
    }

    /// One word, for programs.
    var word: String {
        switch self {
        case .text: "text"
        case .int: "int"
        case .float: "float"
        case .bool: "bool"
        case .duration: "duration"
        case .size: "size"
        case .path: "path"
        case .url: "url"
        }
    }
}
