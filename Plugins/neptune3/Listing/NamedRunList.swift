// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Lists the runs whose ids the user gave, some at a time, and tells of those that are not there.
final class NamedRunList: BatchSource {
    /// Ids in one query: at up to 1,000 bytes each they stay below the 120,000 that servers are known to
    /// take.
    private static let pageSize = 50

    private let server: Server
    private let settings: Settings
    private let projects: [String]
    /// Of all pairs of a project and a group of ids, the next one.
    private var position: Int
    /// Ids that some project has; nil when the listing did not begin at its start, so that it is not known.
    private var found: Set<ExactText>?
    private var waiting: [SourceBatch] = []
    private var hasEnded = false

    init(_ server: Server, _ settings: Settings, projects: [String], from cursor: [UInt8]) throws(HostError) {
        self.server = server
        self.settings = settings
        self.projects = projects
        position = 0
        found = cursor.isEmpty ? [] : nil
        guard !cursor.isEmpty else { return }
        let parts = String(decoding: cursor, as: UTF8.self).split(separator: "\n")
        guard parts.count == 2, parts[0] == "ids", let place = Int(parts[1]), place >= 0 else {
            throw HostError(
                .invalidData, "This is not a cursor of a listing of runs by ids.", subject: "cursor")
        }
        position = place
    }

    private var groups: Int { (settings.runs.ids.count + Self.pageSize - 1) / Self.pageSize }

    func next(_ call: Call) throws(HostError) -> SourceBatch? {
        while true {
            if !waiting.isEmpty { return waiting.removeFirst() }
            if call.isCancelled { throw HostError(.cancelled, "Stopped while runs were listed.") }
            guard position < projects.count * groups else { return try end() }
            let project = projects[position / groups]
            let start = position % groups * Self.pageSize
            let ids = settings.runs.ids[start..<min(start + Self.pageSize, settings.runs.ids.count)]
            let runs = try RunSearch(server: server, project: project).runs(ids, call)
            position += 1
            var here: Set<ExactText> = []
            for run in runs {
                here.insert(ExactText(run.id))
                found?.insert(ExactText(run.id))
            }
            if projects.count == 1 { try tell(ids.filter { !here.contains(ExactText($0)) }, project) }
            if !runs.isEmpty {
                waiting.append(
                    SourceBatch(
                        try RunHead.batch(runs, project: project, selectionMark: settings.selectionMark),
                        cursor: Array("ids\n\(position)".utf8)))
            }
        }
    }

    private func end() throws(HostError) -> SourceBatch? {
        guard !hasEnded else { return nil }
        hasEnded = true
        guard projects.count != 1, let found else { return nil }
        try tell(settings.runs.ids.filter { !found.contains(ExactText($0)) }, "all projects asked for")
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    private func tell(_ missing: [String], _ place: String) throws(HostError) {
        var losses = LossRows()
        for id in missing {
            losses.add(.units, id, "unit.not-found", "there is no run of this id in \(place)")
        }
        if let batch = try losses.batch() { waiting.append(SourceBatch(batch)) }
    }
}
