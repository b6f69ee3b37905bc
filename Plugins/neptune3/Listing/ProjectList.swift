// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Asks for the identifiers, `workspace/name`, of the projects that are to be read.
struct ProjectList {
    /// As Neptune's client asks.
    private static let pageSize = 200

    let server: Server
    let choice: ProjectChoice

    /// In the order of their bytes, so that a cursor finds its place again.
    func projects(globs: [String], _ call: Call) throws(HostError) -> [String] {
        let found: [String]
        switch choice.place {
        case .project(let project): found = [project]
        case .workspace(let name):
            found = try all(name, call)
            guard !found.isEmpty else {
                throw HostError(
                    .notFound, "The workspace has no project that the token's owner may see.",
                    subject: name.shown,
                    remedy: "Check the workspace's name, or give one project: neptune3:WORKSPACE/PROJECT.",
                    retry: .stop)
            }
        case .everywhere: found = try all(nil, call)
        }
        let taken = found.filter { choice.takes($0, globs: globs) }
        return OptionList.unique(taken).sorted { ExactText($0) < ExactText($1) }
    }

    private func all(_ workspace: String?, _ call: Call) throws(HostError) -> [String] {
        var result: [String] = []
        var offset = 0
        while true {
            if call.isCancelled { throw HostError(.cancelled, "Stopped while projects were listed.") }
            let page = try server.askJSON(request(workspace, offset, Self.pageSize), "projects", call)
            guard case .array(let entries)? = page["entries"] else {
                throw HostError(
                    .invalidData, "The server's list of projects has no entries.", subject: "projects",
                    retry: .later)
            }
            for entry in entries {
                guard let owner = entry["organizationName"]?.text, let name = entry["name"]?.text else {
                    throw HostError(
                        .invalidData, "The server lists a project without a name.", subject: "projects",
                        retry: .later)
                }
                result.append("\(owner)/\(name)")
            }
            offset += entries.count
            let matching = page["matchingItemCount"]?.int
            guard !entries.isEmpty, Int64(offset) < matching ?? .max else {
                if let matching, Int64(offset) < matching { throw Self.changed }
                return result
            }
        }
    }

    /// One entry will do to see that the token is good.
    func probe(_ call: Call) throws(HostError) {
        switch choice.place {
        case .project(let project):
            let query = [(name: "projectIdentifier", value: project)]
            _ = try server.askJSON(server.get(Path.project, query), project, call)
        case .workspace(let name): _ = try server.askJSON(request(name, 0, 1), name, call)
        case .everywhere: _ = try server.askJSON(request(nil, 0, 1), "projects", call)
        }
    }

    private func request(_ workspace: String?, _ offset: Int, _ limit: Int) -> HTTPRequest {
        let which = workspace.map { ("organizationIdentifier", $0) } ?? ("userRelation", "viewerOrHigher")
        return server.get(Path.projects, [which, ("offset", String(offset)), ("limit", String(limit))])
    }

    private static let changed = HostError(
        .unavailable, "The server told of more projects than it listed.", subject: "projects")
}
