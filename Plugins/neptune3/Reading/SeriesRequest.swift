// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Makes the requests for points of series.
struct SeriesRequest {
    struct Item {
        /// What the answer is recognized by.
        let id: Int
        let name: String
        var afterStep: Double?
        var token: String?
    }

    private let server: Server
    private let run: String
    /// Before each request's number, so that an answer to another run's request is recognized as such.
    let salt: String
    private let takesPreviews: Bool
    private let lineage: String

    init(source server: Server, _ catalogue: Catalogue, _ settings: Settings) {
        self.server = server
        run = catalogue.identifier
        salt = catalogue.mark
        takesPreviews = settings.takesPreviews
        lineage = settings.takesInherited ? "FULL" : "NONE"
    }

    func points(_ items: [Item], limit: Int) -> HTTPRequest {
        server.post(Path.points, [], body(items, limit: limit))
    }

    /// Texts, histograms or files.
    func objects(_ items: [Item]) -> HTTPRequest {
        server.post(
            Path.series, [(name: "useDeprecatedStringFields", value: "false")], body(items, limit: nil))
    }

    private func body(_ items: [Item], limit: Int?) -> [UInt8] {
        var json = JSONWriter(reserving: items.count * 200 + 100)
        json.beginObject()
        json.field("order", "ascending")
        if let limit { json.field("perSeriesPointsLimit", limit) }
        json.key("requests")
        json.beginArray()
        for item in items {
            json.beginObject()
            json.field("requestId", "\(salt):\(item.id)")
            if let step = item.afterStep { json.field("afterStep", step) }
            if let token = item.token {
                json.key("searchAfter")
                json.beginObject()
                json.field("finished", false)
                json.field("token", token)
                json.endObject()
            }
            json.key("series")
            json.beginObject()
            json.field("attribute", item.name)
            json.key("holder")
            json.beginObject()
            json.field("identifier", run)
            json.field("type", "experiment")
            json.endObject()
            json.field("lineage", lineage)
            json.field("lineageEntityType", "RUN")
            if limit != nil { json.field("includePreview", takesPreviews) }
            json.endObject()
            json.endObject()
        }
        json.endArray()
        json.key("stepRange")
        json.beginObject()
        json.key("from")
        json.null()
        json.key("to")
        json.null()
        json.endObject()
        json.endObject()
        return json.bytes
    }
}
