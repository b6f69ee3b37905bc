// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Which projects are read.
struct ProjectChoice {
    enum Place: Equatable {
        case project(String)
        case workspace(String)
        /// All that the token's owner is a viewer of.
        case everywhere
    }
    let place: Place
    private let included: Pattern?
    private let excluded: Pattern?

    init(_ options: Options) throws(HostError) {
        var text = options.text("project") ?? options.scope
        while text.last == "/" { text.removeLast() }
        place = text.isEmpty ? .everywhere : text.contains("/") ? .project(text) : .workspace(text)
        included = try Self.pattern(options, "project-pattern")
        excluded = try Self.pattern(options, "project-exclude")
        if case .project = place, included != nil || excluded != nil {
            throw HostError(
                .invalidOption, "A pattern of projects goes with a workspace, not with one project.",
                subject: "project-pattern", remedy: "Give the workspace alone: neptune3:WORKSPACE.")
        }
    }

    private static func pattern(_ options: Options, _ name: String) throws(HostError) -> Pattern? {
        guard let text = options.text(name), !text.isEmpty else { return nil }
        return try Pattern(text, option: name)
    }

    /// `globs` are those that the host was given; patterns look at the name behind the workspace.
    func takes(_ project: String, globs: [String]) -> Bool {
        let name = project.firstIndex(of: "/").map { String(project[project.index(after: $0)...]) } ?? project
        if let included, !included.isFound(in: name) { return false }
        if let excluded, excluded.isFound(in: name) { return false }
        return globs.isEmpty || globs.contains { fnmatch($0, project, 0) == 0 }
    }
}
