// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Reads the runs of Neptune 3 projects.
final class NeptuneExporter: Exporter {
    private let settings: Settings
    private let server: Server
    private let files: FileStore
    /// Of the run that was asked for last: its names are read before its records.
    private var known: (unit: UnitRef, catalogue: Catalogue)?

    init(_ options: Options, _ call: Call) throws(HostError) {
        settings = try Settings(options, call)
        server = Server(Session(settings.token))
        files = FileStore(server, inFlight: settings.inFlight)
    }

    func check(_ call: Call) throws(HostError) {
        try ProjectList(server: server, choice: settings.projects).probe(call)
    }

    func list(projects: [String], from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        if settings.runs.ids.isEmpty { _ = try ListPlace(cursor: cursor) }
        let found = try ProjectList(server: server, choice: settings.projects).projects(globs: projects, call)
        guard settings.runs.ids.isEmpty else {
            return try NamedRunList(server, settings, projects: found, from: cursor)
        }
        return RunList(server, settings, projects: found, from: try ListPlace(cursor: cursor))
    }

    func paths(_ unit: UnitRef, _ call: Call) throws(HostError) -> any BatchSource {
        let catalogue = try fresh(unit, call)
        return try PathList(server, catalogue, settings).source(call)
    }

    func read(_ unit: UnitRef, from cursor: [UInt8], _ call: Call) throws(HostError) -> any BatchSource {
        let catalogue = if let known, known.unit == unit { known.catalogue } else { try fresh(unit, call) }
        // The next reading asks anew: the run may have changed by then.
        known = nil
        let place =
            cursor.isEmpty ? ReadPlace() : try ReadPlace(cursor: cursor, mark: catalogue.mark, unit.id)
        return RunReader(
            RunSource(server: server, settings: settings, catalogue: catalogue, files: files), at: place)
    }

    func blob(_ ref: String, _ call: Call) throws(HostError) -> Blob {
        try files.open(ref, call)
    }

    private func fresh(_ unit: UnitRef, _ call: Call) throws(HostError) -> Catalogue {
        guard unit.kind == "run" else {
            throw HostError(.notFound, "Neptune 3 has runs alone.", subject: "\(unit.kind) \(unit.id)".shown)
        }
        let request = CatalogueRequest(server: server, settings: settings)
        let catalogue = try request.catalogue(project: unit.project, id: unit.id, call)
        known = (unit, catalogue)
        return catalogue
    }
}

/// What the parts of a reading work with.
struct RunSource {
    let server: Server
    let settings: Settings
    let catalogue: Catalogue
    let files: FileStore
}
