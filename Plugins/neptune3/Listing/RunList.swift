// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Lists runs, project by project and page by page.
///
/// Pages are asked for by offset, as the server knows no other way. Each begins with the last run of the page
/// before: when that is no longer there, runs came or went meanwhile, and the place is looked for again. So
/// no run is passed over because another was deleted.
final class RunList: BatchSource {
    private static let pageSize = 500

    private let server: Server
    private let settings: Settings
    private let projects: [String]
    private var place: ListPlace

    init(_ server: Server, _ settings: Settings, projects: [String], from place: ListPlace) {
        self.server = server
        self.settings = settings
        self.projects = projects
        self.place = place
    }

    func next(_ call: Call) throws(HostError) -> SourceBatch? {
        while let project = projects.first(where: { place.isBeforeEnd(of: $0) }) {
            if call.isCancelled { throw HostError(.cancelled, "Stopped while runs were listed.") }
            if place.project != project { place = ListPlace(project: project) }
            let search = RunSearch(server: server, project: project)
            if place.offset == 0 { try tellLeftOut(search, call) }
            let runs = try page(search, call)
            guard let last = runs.last else {
                place.isAtEnd = true
                continue
            }
            place.last = last.systemID
            let batch = try RunHead.batch(runs, project: project, selectionMark: settings.selectionMark)
            return SourceBatch(batch, cursor: place.cursor)
        }
        return nil
    }

    /// The runs behind the place, which moves behind them; none at the end.
    private func page(_ search: RunSearch, _ call: Call) throws(HostError) -> [RunHead] {
        let query = RunQuery.all(settings.runs)
        var hasLooked = false
        while true {
            let overlap = place.last.isEmpty ? 0 : 1
            let page = try search.page(
                query, offset: place.offset - overlap, limit: Self.pageSize + overlap, call)
            var runs: [RunHead] = []
            for attributes in page.runs { runs.append(try RunHead(attributes)) }
            if overlap == 1, runs.first?.systemID != place.last {
                guard !hasLooked else { throw Self.restless(search.project) }
                hasLooked = true
                try find(query, search, call)
                continue
            }
            runs.removeFirst(overlap)
            if runs.isEmpty, Int64(place.offset) < page.matching { throw Self.restless(search.project) }
            place.offset += runs.count
            return runs
        }
    }

    /// Looks for the place behind the last run that was listed, or behind where it would stand.
    private func find(_ query: String?, _ search: RunSearch, _ call: Call) throws(HostError) {
        var offset = 0
        while true {
            let page = try search.page(query, attributes: ["sys/id"], offset: offset, limit: 10_000, call)
            for attributes in page.runs {
                let run = try RunHead(attributes)
                if ExactText(run.systemID) > ExactText(place.last) {
                    place.offset = offset
                    place.last = ""
                    return
                }
                offset += 1
            }
            if page.runs.isEmpty {
                place.offset = offset
                place.last = ""
                return
            }
        }
    }

    private func tellLeftOut(_ search: RunSearch, _ call: Call) throws(HostError) {
        guard !settings.runs.takesArchived else { return }
        let page = try search.page(
            RunQuery.leftOut(settings.runs), attributes: ["sys/id"], offset: 0, limit: 1, call)
        guard page.matching > 0 else { return }
        call.log(
            .warning,
            "\(search.project): \(page.matching) archived runs are left out; include-archived=true takes them"
        )
    }

    private static func restless(_ project: String) -> HostError {
        HostError(
            .unavailable, "The server's list of runs changed while it was read, or ended before its end.",
            subject: project, remedy: "Run the command again.")
    }
}

/// Where a listing stands: behind the run `last` of a project, which was at `offset - 1`.
struct ListPlace {
    var project = ""
    var offset = 0
    var last = ""
    var isAtEnd = false

    init(project: String = "") { self.project = project }

    func isBeforeEnd(of other: String) -> Bool {
        ExactText(other) > ExactText(project) || !isAtEnd && ExactText(other) == ExactText(project)
    }

    var cursor: [UInt8] { Array("runs\n\(project)\n\(offset)\n\(last)".utf8) }

    /// An empty cursor is the start.
    init(cursor: [UInt8]) throws(HostError) {
        guard !cursor.isEmpty else { return }
        let parts = String(decoding: cursor, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "runs", let offset = Int(parts[2]), offset > 0, !parts[3].isEmpty
        else {
            throw HostError(.invalidData, "This is not a cursor of a listing of runs.", subject: "cursor")
        }
        project = String(parts[1])
        self.offset = offset
        last = String(parts[3])
    }
}
