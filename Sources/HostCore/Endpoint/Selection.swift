// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// Which units a job takes.
package struct Selection: Sendable {
    /// Globs on the project's id: `*`, `?`, `[…]`. None: all.
    package let projects: [String]
    /// Regular expressions searched in a unit's id and name. None: all.
    package let runs: [String]
    private let expressions: [NSRegularExpression]

    package init(projects: [String] = [], runs: [String] = []) throws(HostError) {
        self.projects = projects
        self.runs = runs
        var expressions: [NSRegularExpression] = []
        for pattern in runs {
            do {
                expressions.append(try NSRegularExpression(pattern: pattern))
            } catch {
                throw HostError(
                    .invalidOption, "This is not a regular expression.", subject: "--run \(pattern)",
                    remedy: "Escape special characters with a backslash.")
            }
        }
        self.expressions = expressions
    }

    package func takes(project: String, id: String, name: String?) -> Bool {
        guard projects.isEmpty || projects.contains(where: { Glob.matches($0, project) }) else { return false }
        guard !expressions.isEmpty else { return true }
        return expressions.contains { expression in
            [id, name ?? id].contains { text in
                expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
            }
        }
    }

    /// For the job's identity.
    package var identity: [String: String] {
        var identity: [String: String] = [:]
        if !projects.isEmpty { identity["project"] = projects.sorted().joined(separator: "\n") }
        if !runs.isEmpty { identity["run"] = runs.sorted().joined(separator: "\n") }
        return identity
    }
}

/// fnmatch(3) without special treatment of slashes and leading dots.
enum Glob {
    static func matches(_ pattern: String, _ text: String) -> Bool { fnmatch(pattern, text, 0) == 0 }
}
