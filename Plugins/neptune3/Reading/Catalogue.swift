// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What one run has: its head and its attributes' names by type, each list in the order of the names' bytes.
struct Catalogue {
    let project: String
    let head: RunHead
    private var names: [AttributeType: [String]] = [:]
    /// Of types that the server has no values for, or that this program does not know.
    private(set) var unreadable: [(name: String, type: String)] = []

    /// What a run is called in requests.
    var identifier: String { "\(project)/\(head.systemID)" }

    func names(_ type: AttributeType) -> [String] { names[type] ?? [] }

    /// Names whose values stand in the bulk answer.
    let fieldNames: [String]

    /// Ties cursors to the state of the run that they were made in.
    let mark: String

    private static let fieldTypes: [AttributeType] = [.float, .int, .string, .bool, .datetime, .stringSet]

    init(project: String, head: RunHead, definitions: [(name: String, type: String)], selectionMark: String) {
        self.project = project
        self.head = head
        for (name, type) in definitions {
            if let known = AttributeType(rawValue: type) {
                names[known, default: []].append(name)
            } else {
                unreadable.append((name, type))
            }
        }
        for type in AttributeType.allCases { names[type]?.sort { ExactText($0) < ExactText($1) } }
        unreadable.sort { ExactText($0.name) < ExactText($1.name) }
        let names = names
        fieldNames = Self.fieldTypes.flatMap { names[$0] ?? [] }.sorted { ExactText($0) < ExactText($1) }
        let all = AttributeType.allCases.map { (names[$0] ?? []).joined(separator: "\n") }.joined(
            separator: "\n\n")
        mark = StableHash.mark("\(project)\n\(head.revision(selectionMark))\n\(all)")
    }
}

/// Asks for a run's catalogue.
struct CatalogueRequest {
    let server: Server
    let settings: Settings

    func catalogue(project: String, id: String, _ call: Call) throws(HostError) -> Catalogue {
        let head = try RunSearch(server: server, project: project).run(id, call)
        var known: Set<ExactText> = []
        var definitions: [(name: String, type: String)] = []
        var token: String?
        repeat {
            if call.isCancelled { throw HostError(.cancelled, "Stopped while attributes were listed.") }
            let request = server.post(
                Path.definitions, [], body(project, "\(project)/\(head.systemID)", token))
            let page = try server.askJSON(request, "\(project)/\(id)", call)
            guard case .array(let entries)? = page["entries"] else {
                throw HostError(
                    .invalidData, "The server's list of attributes has no entries.",
                    subject: "\(project)/\(id)",
                    retry: .later)
            }
            for entry in entries {
                guard let name = entry["name"]?.text, let type = entry["type"]?.text else {
                    throw HostError(
                        .invalidData, "The server lists an attribute without name or type.",
                        subject: "\(project)/\(id)", retry: .later)
                }
                if settings.attributes.takes(name), known.insert(ExactText("\(type) \(name)")).inserted {
                    definitions.append((name, type))
                }
            }
            // Only the token tells the end: a server may hand over smaller pages than it was asked for.
            let next = page["nextPage"]?["nextPageToken"]?.text
            if let next, next == token { throw Self.endless("\(project)/\(id)") }
            token = next?.isEmpty == true ? nil : next
        } while token != nil
        return Catalogue(
            project: project, head: head, definitions: definitions, selectionMark: settings.selectionMark)
    }

    static func endless(_ subject: String) -> HostError {
        HostError(
            .invalidData, "The server gives the same page again and again.", subject: subject, retry: .later)
    }

    private func body(_ project: String, _ run: String, _ token: String?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        if let types = settings.attributes.types {
            json.key("attributeFilter")
            json.beginArray()
            for type in types {
                json.beginObject()
                json.field("attributeType", type.rawValue)
                json.endObject()
            }
            json.endArray()
        }
        json.key("attributeNameFilter")
        json.beginObject()
        if let pattern = settings.attributes.pattern {
            json.key("mustMatchAny")
            json.beginArray()
            for parts in pattern.alternatives {
                json.beginObject()
                json.texts("mustMatchRegexes", parts.filter { !$0.isNegated }.map(\.pattern))
                json.texts("mustNotMatchRegexes", parts.filter(\.isNegated).map(\.pattern))
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
        json.texts("experimentIdsFilter", [run])
        json.page(token)
        json.texts("projectIdentifiers", [project])
        json.endObject()
        return json.bytes
    }
}

extension JSONWriter {
    mutating func texts(_ name: String, _ values: some Sequence<String>) {
        key(name)
        beginArray()
        for text in values { value(text) }
        endArray()
    }

    /// The page behind a token, in the size that Neptune's client asks for.
    mutating func page(_ token: String?) {
        key("nextPage")
        beginObject()
        field("limit", 10_000)
        if let token { field("nextPageToken", token) }
        endObject()
    }
}
