// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// The server's experiments, a page at a time.
struct ExperimentList {
    struct Entry {
        let id: String
        let name: String
        let isDeleted: Bool
        /// ISO time; nil on servers before 1.29.
        let created: String?

        init?(_ experiment: JSON) {
            guard let id = experiment["experiment_id"]?.text else { return nil }
            self.id = id
            name = experiment["name"]?.text ?? ""
            isDeleted = experiment["lifecycle_stage"]?.text == "deleted"
            created = experiment["creation_time"]?.int.map { UTCTime(milliseconds: $0).isoText }
        }

        /// nil matches all. Slashes are ordinary characters.
        func matches(_ glob: String?) -> Bool { glob.map { fnmatch($0, name, 0) == 0 } ?? true }
    }

    private let server: Server
    private let view: String

    init(_ server: Server, includingDeleted: Bool = false) {
        self.server = server
        view = includingDeleted ? "ALL" : "ACTIVE_ONLY"
    }

    func each(_ call: Call, _ body: (Entry) throws(HostError) -> Void) throws(HostError) {
        var token: String?
        repeat {
            try call.checkCancelled()
            var request = JSONWriter()
            request.beginObject()
            request.field("max_results", 1000)
            request.field("view_type", view)
            if let token { request.field("page_token", token) }
            request.endObject()
            let answer = try server.fetch(
                server.post("\(Path.tracking)/experiments/search", request.bytes), "experiments/search", call)
            for entry in (answer["experiments"]?.items ?? []).compactMap(Entry.init) { try body(entry) }
            token = answer["next_page_token"]?.text
        } while token?.isEmpty == false
    }

    func ids(_ call: Call) throws(HostError) -> [String] {
        var ids: [String] = []
        try each(call) { ids.append($0.id) }
        return ids
    }
}

extension Call {
    func checkCancelled() throws(HostError) {
        if isCancelled { throw HostError(.cancelled, "Stopped on request.", retry: .stop) }
    }
}
