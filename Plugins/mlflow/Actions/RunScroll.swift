// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Active runs of many experiments, a page at a time.
struct RunScroll {
    /// runs/search answers whole runs, some of which have thousands of params.
    private static let pageSize = 50
    /// Ids of one request: a server's database takes a thousand variables or so.
    private static let experimentsAtOnce = 200

    private let server: Server

    init(_ server: Server) { self.server = server }

    func each(
        in experiments: [String], matching filter: String, _ call: Call,
        _ body: (Run) throws(HostError) -> Void
    ) throws(HostError) {
        for start in stride(from: 0, to: experiments.count, by: Self.experimentsAtOnce) {
            let some = experiments[start..<min(start + Self.experimentsAtOnce, experiments.count)]
            try pages(some, filter, call, body)
        }
    }

    func count(in experiment: String, _ call: Call) throws(HostError) -> Int {
        var count = 0
        try each(in: [experiment], matching: "", call) { _ in count += 1 }
        return count
    }

    private func pages(
        _ experiments: ArraySlice<String>, _ filter: String, _ call: Call,
        _ body: (Run) throws(HostError) -> Void
    ) throws(HostError) {
        var token: String?
        repeat {
            try call.checkCancelled()
            var request = JSONWriter()
            request.beginObject()
            request.key("experiment_ids")
            request.beginArray()
            for experiment in experiments { request.value(experiment) }
            request.endArray()
            if !filter.isEmpty { request.field("filter", filter) }
            request.field("run_view_type", "ACTIVE_ONLY")
            request.field("max_results", Self.pageSize)
            if let token { request.field("page_token", token) }
            request.endObject()
            let answer = try server.fetch(
                server.post("\(Path.tracking)/runs/search", request.bytes), "runs/search", call)
            for run in (answer["runs"]?.items ?? []).compactMap({ Run($0) }) { try body(run) }
            token = answer["next_page_token"]?.text
        } while token?.isEmpty == false
    }
}
