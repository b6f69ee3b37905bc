// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What the user set, as the plugin needs it.
struct Settings: Sendable {
    /// How a source's project names one of Comet.
    enum ProjectNames: String, Sendable {
        /// What stands behind the last slash: the workspace takes the place of what stands before.
        case last
        /// All of it, slashes become hyphens, since they would break the project's address.
        case full
    }

    /// Scheme, host and port; no slash at the end.
    let root: String
    let key: String
    /// nil: the user's default workspace.
    let workspace: String?
    /// nil: each run goes to the project of its source's name.
    let project: String?
    let projectNames: ProjectNames
    /// A folder: archives are written there, and nothing is sent.
    let archiveFolder: String?
    /// Requests in flight for each run, beside the one that carries points.
    let inFlight: Int

    init(_ options: Options, _ call: Call) throws(HostError) {
        let place = (options.text("workspace") ?? "").split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        workspace = place.first.map(String.init).flatMap { $0.isEmpty ? nil : $0 }
        let inLocation = place.count > 1 ? String(place[1]) : ""
        let project = inLocation.isEmpty ? options.text("project") ?? "" : inLocation
        self.project = project.isEmpty ? nil : project
        projectNames = ProjectNames(rawValue: options.text("project-names") ?? "") ?? .last
        archiveFolder = options.text("offline-archive").flatMap { $0.isEmpty ? nil : $0 }
        inFlight = Int(max(1, min(options.int("in-flight") ?? 4, 32)))
        key = options.text("api-key") ?? ""
        call.protect(key)
        guard archiveFolder != nil || !key.isEmpty else {
            throw HostError(
                .invalidOption, "Comet needs an API key.", subject: "api-key",
                remedy: "Set COMET_API_KEY; the key stands in Comet's account settings.")
        }
        root = try Address.root(options.text("url"), key: key)
    }

    func projectName(_ unit: UnitInfo) -> String {
        if let project { return project }
        let parts = unit.ref.project.split(separator: "/")
        let name = projectNames == .last ? parts.last.map(String.init) : parts.joined(separator: "-")
        return name.flatMap { $0.isEmpty ? nil : $0 } ?? "imported"
    }
}

extension Settings {
    static let options: [OptionSpec] = [
        OptionSpec(
            "workspace", .text, [.location, .identity], roles: .loader, environment: ["COMET_WORKSPACE"],
            summary: "Workspace, or WORKSPACE/PROJECT to put all runs into one project.",
            example: "my-workspace"),
        OptionSpec(
            "api-key", .text, .secret, roles: .loader, environment: ["COMET_API_KEY"],
            summary: "Comet's API key; not needed to write archives."),
        OptionSpec(
            "url", .url, .identity, roles: .loader, environment: ["COMET_URL_OVERRIDE"],
            summary: "Address of a Comet server of your own.", example: "https://comet.example.org/clientlib/"
        ),
        OptionSpec(
            "project", .text, .identity, roles: .loader, environment: ["COMET_PROJECT_NAME"],
            summary: "Project that all runs go to; else each goes to the project of its source's name."),
        OptionSpec(
            "project-names", .text, .identity, roles: .loader, default: "last", choices: ["last", "full"],
            summary: "What names a project: the last part of the source's project, or all of it."),
        OptionSpec(
            "offline-archive", .path, .identity, roles: .loader,
            summary: "Folder for archives that `comet upload` takes; nothing is sent.",
            example: "./archives"),
        OptionSpec(
            "in-flight", .int, .advanced, roles: .loader, default: "4",
            summary: "Requests in flight for each run, 1 to 32.", example: "8"),
    ]
}
