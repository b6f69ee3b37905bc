// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Asks for the values of some attributes of one run, by their names.
struct ValueRequest {
    /// Names in one request, and their bytes: servers are known to take 220,000.
    static let maxNames = 1000
    static let maxBytes = 100_000

    let server: Server
    let catalogue: Catalogue

    /// By name. Names that the server left out are asked for once more: an answer may have been cut between
    /// two attributes, which nothing in it shows.
    func values(
        _ names: some Collection<String>, _ call: Call
    ) throws(HostError) -> [ExactText: AttributeValue] {
        var found: [ExactText: AttributeValue] = [:]
        var missing = Array(names)
        for _ in 0..<2 where !missing.isEmpty {
            try ask(missing, &found, call)
            missing = missing.filter { found[ExactText($0)] == nil }
        }
        return found
    }

    private func ask(
        _ names: [String], _ found: inout [ExactText: AttributeValue], _ call: Call
    ) throws(HostError) {
        let wanted = Set(names.map { ExactText($0) })
        var token: String?
        repeat {
            if call.isCancelled { throw HostError(.cancelled, "Stopped while values were read.") }
            var json = JSONWriter()
            json.beginObject()
            json.texts("attributeNamesFilter", names)
            json.texts("experimentIdsFilter", [catalogue.identifier])
            json.page(token)
            json.endObject()
            let request = server.post(
                Path.values, [(name: "projectIdentifier", value: catalogue.project)], json.bytes)
            let page = try server.ask(request, catalogue.identifier, call) { bytes throws(HostError) in
                try AttributePage(bytes, of: catalogue.head.systemID)
            }
            for attribute in page.attributes where wanted.contains(ExactText(attribute.name)) {
                found[ExactText(attribute.name)] = attribute.value
            }
            if let next = page.nextToken, next == token {
                throw CatalogueRequest.endless(catalogue.identifier)
            }
            token = page.nextToken?.isEmpty == true ? nil : page.nextToken
        } while token != nil
    }

    /// Cuts a list of names, from a place on, into what one request may hold.
    static func group(_ names: [String], from start: Int) -> Range<Int> {
        var end = start
        var bytes = 0
        while end < names.count, end - start < maxNames,
            end == start || bytes + names[end].utf8.count <= maxBytes
        {
            bytes += names[end].utf8.count
            end += 1
        }
        return start..<end
    }
}
