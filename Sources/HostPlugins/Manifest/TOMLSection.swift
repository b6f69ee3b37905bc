// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// One table of a document that is read strictly: a key of the wrong kind, a missing one and one that nobody
/// asked for are errors that name the file, the line and the key.
final class TOMLSection {
    private let path: String
    private let lines: TOMLLines
    /// Where the table stands, as `conformance.exporter`; empty for the document itself.
    private let place: String
    private let values: [String: TOMLNode]
    private var asked: Set<String> = []

    init(document text: String, path: String) throws(HostError) {
        self.path = path
        lines = TOMLLines(text)
        place = ""
        values = try TOMLNode.parse(text, path: path)
    }

    private init(_ parent: TOMLSection, _ place: String, _ values: [String: TOMLNode]) {
        path = parent.path
        lines = parent.lines
        self.place = place
        self.values = values
    }

    var keys: [String] { values.keys.sorted() }

    func text(_ key: String) throws(HostError) -> String {
        guard let text = try optionalText(key) else { throw missing(key) }
        guard !text.isEmpty else { throw wrong(key, "is empty") }
        return text
    }

    func optionalText(_ key: String) throws(HostError) -> String? {
        switch take(key) {
        case nil: return nil
        case .text(let text)?: return text
        case let other?: throw wrong(key, "has to be a text in quotes, not \(other.label)")
        }
    }

    func integer(_ key: String) throws(HostError) -> Int {
        guard let number = try optionalInteger(key) else { throw missing(key) }
        return number
    }

    func optionalInteger(_ key: String) throws(HostError) -> Int? {
        switch take(key) {
        case nil: return nil
        case .integer(let number)?: return number
        case let other?: throw wrong(key, "has to be a whole number, not \(other.label)")
        }
    }

    func texts(_ key: String) throws(HostError) -> [String] {
        guard let texts = try optionalTexts(key) else { throw missing(key) }
        return texts
    }

    func optionalTexts(_ key: String) throws(HostError) -> [String]? {
        guard let node = take(key) else { return nil }
        guard case .list(let nodes) = node else {
            throw wrong(key, "has to be a list of texts, not \(node.label)")
        }
        var texts: [String] = []
        for node in nodes {
            guard case .text(let text) = node else {
                throw wrong(key, "has to be a list of texts, and holds \(node.label)")
            }
            texts.append(text)
        }
        return texts
    }

    func section(_ key: String) throws(HostError) -> TOMLSection? {
        switch take(key) {
        case nil: return nil
        case .table(let values)?: return TOMLSection(self, name(of: key), values)
        case let other?: throw wrong(key, "has to be a table, not \(other.label)")
        }
    }

    func sections(_ key: String) throws(HostError) -> [TOMLSection] {
        guard let node = take(key) else { return [] }
        guard case .list(let nodes) = node else {
            throw wrong(key, "has to be written as [[\(name(of: key))]], not as \(node.label)")
        }
        var sections: [TOMLSection] = []
        for (index, node) in nodes.enumerated() {
            guard case .table(let values) = node else { throw wrong(key, "holds \(node.label)") }
            sections.append(TOMLSection(self, "\(name(of: key))[\(index)]", values))
        }
        return sections
    }

    /// Refuses what was not asked for: a misspelt key must not be without effect in silence.
    func finish() throws(HostError) {
        guard let key = keys.first(where: { !asked.contains($0) }) else { return }
        throw wrong(key, "is not known here; known: \(asked.sorted().joined(separator: ", "))")
    }

    func wrong(_ key: String, _ what: String) -> HostError {
        let line = lines.line(of: name(of: key)).map { "Line \($0): " } ?? ""
        return HostError(
            .invalidData, "\(line)'\(name(of: key))' \(what).", subject: path, retry: .stop)
    }

    private func missing(_ key: String) -> HostError { wrong(key, "is missing") }

    private func take(_ key: String) -> TOMLNode? {
        asked.insert(key)
        return values[key]
    }

    private func name(of key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
}
