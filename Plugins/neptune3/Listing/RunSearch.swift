// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Searches the runs of one project, in the order of the server's ids: no two runs share one, and none
/// changes.
struct RunSearch {
    let server: Server
    let project: String

    func page(
        _ query: String?, attributes: [String] = RunHead.attributes, offset: Int, limit: Int, _ call: Call
    ) throws(HostError) -> RunPage {
        var json = JSONWriter()
        json.beginObject()
        json.key("attributeFilters")
        json.beginArray()
        for name in attributes {
            json.beginObject()
            json.field("path", name)
            json.endObject()
        }
        json.endArray()
        json.field("experimentLeader", false)
        json.key("pagination")
        json.beginObject()
        json.field("limit", limit)
        json.field("offset", offset)
        json.endObject()
        if let query {
            json.key("query")
            json.beginObject()
            json.field("query", query)
            json.endObject()
        }
        json.key("sorting")
        json.beginObject()
        json.field("dir", "ascending")
        json.key("sortBy")
        json.beginObject()
        json.field("name", "sys/id")
        json.field("type", "string")
        json.endObject()
        json.endObject()
        json.endObject()
        let place = [(name: "projectIdentifier", value: project), (name: "type", value: "run")]
        return try server.ask(server.post(Path.search, place, json.bytes), project, call) {
            bytes throws(HostError) in try RunPage(bytes)
        }
    }

    /// The runs of these ids, few enough for one query.
    func runs(_ ids: some Sequence<String>, _ call: Call) throws(HostError) -> [RunHead] {
        var found: [RunHead] = []
        while true {
            let page = try page(RunQuery.ids(ids), offset: found.count, limit: 1000, call)
            for attributes in page.runs { found.append(try RunHead(attributes)) }
            if page.runs.isEmpty || Int64(found.count) >= page.matching { return found }
        }
    }

    /// The run of this id.
    func run(_ id: String, _ call: Call) throws(HostError) -> RunHead {
        // Twice: an answer that was cut behind its first field shows no run, and nothing tells that it was.
        for _ in 0..<2 {
            if let run = try runs([id], call).first(where: { ExactText($0.id) == ExactText(id) }) {
                return run
            }
        }
        // A run without an id of its own goes by the server's.
        let page = try page(RunQuery.systemID(id), offset: 0, limit: 1, call)
        if let attributes = page.runs.first {
            let run = try RunHead(attributes)
            if ExactText(run.id) == ExactText(id) { return run }
        }
        throw HostError(
            .notFound, "The project no longer has this run.", subject: "\(project)/\(id)".shown, retry: .never
        )
    }
}
