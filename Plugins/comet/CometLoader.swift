// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Writes runs to Comet, or into archives.
final class CometLoader: Loader {
    private let server: Server
    private let traffic = Traffic()
    private let archives: ArchiveFolder?

    init(_ options: Options, _ call: Call) throws(HostError) {
        server = Server(try Settings(options, call))
        archives = server.settings.archiveFolder.map { ArchiveFolder($0) }
    }

    func check(_ call: Call) throws(HostError) {
        if let archives { return try archives.check() }
        let answer = try server.fetch(server.get("workspaces"), "workspaces", call)
        guard case .array(let items)? = answer["workspaceNames"] else {
            throw HostError(
                .invalidData, "This answers, but not as Comet does.", subject: "workspaces",
                remedy: "Check the option url.")
        }
        guard let wanted = server.settings.workspace else { return }
        let names = items.compactMap(\.text)
        guard names.contains(where: { ExactText($0) == ExactText(wanted) }) else {
            throw HostError(
                .notFound, "The workspace '\(wanted)' is none of this key's.", subject: "workspace",
                remedy: "Give one of these: \(names.prefix(20).joined(separator: ", ")).", retry: .stop)
        }
    }

    func limits(_ call: Call) throws(HostError) -> Limits { Holds.limits }

    func find(_ unit: UnitInfo, _ call: Call) throws(HostError) -> Found {
        let project = server.settings.projectName(unit)
        if let archives { return try archives.find(archiveKey(unit, project)) }
        let key = ExperimentKey(unit, workspace: try server.workspace(call), project: project)
        return try Experiments(server: server).find(key, project, call)
    }

    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64, _ call: Call
    ) throws(HostError) -> any UnitLoad {
        traffic.clear(call)
        let project = server.settings.projectName(unit)
        if resumeAfter == 0, !project.utf8.elementsEqual(unit.ref.project.utf8) {
            call.loss(
                LossReport(
                    .renamed, .units, "project.renamed", path: unit.ref.project,
                    note: "the project is '\(project)'"))
        }
        if let archives {
            let writer = try archives.writer(
                archiveKey(unit, project), unit, server.settings.workspace, project)
            return RunLoad(writer, unit, resumeAfter)
        }
        let open = try Opening(server, unit, call).open(found, mode, resumeAfter, call)
        let writer = try ServerWriter(server, traffic, unit, open, resumeAfter, call)
        return RunLoad(writer, unit, resumeAfter)
    }

    /// An archive may name no workspace: then the one of whoever uploads it is meant.
    private func archiveKey(_ unit: UnitInfo, _ project: String) -> ExperimentKey {
        ExperimentKey(unit, workspace: server.settings.workspace ?? "", project: project)
    }
}
