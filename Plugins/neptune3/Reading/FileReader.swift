// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Reads the single files of a run: what they are called and where they lie. Their bytes are asked for later.
final class FileReader: PhaseReader {
    /// As many addresses as one request may ask for.
    private static let pageSize = 200

    private let source: RunSource
    private let names: [String]
    private var position: Int

    init(_ source: RunSource, from position: Int) {
        self.source = source
        names = source.catalogue.names(.fileRef)
        self.position = position
    }

    func next(_ call: Call) throws(HostError) -> Portion? {
        guard position < names.count else { return nil }
        let group = ValueRequest.group(names, from: position)
        let range = group.prefix(Self.pageSize)
        let request = ValueRequest(server: source.server, catalogue: source.catalogue)
        let values = try request.values(names[range], call)
        var files: [FileRow] = []
        var losses = LossRows()
        for name in names[range] {
            switch values[ExactText(name)] {
            case .file(let file)?: files.append(FileRow(path: name, file: file))
            case nil:
                losses.add(.files, name, "attribute.unanswered", "the server lists it and gives no value")
            default:
                losses.add(
                    .files, name, "attribute.retyped", "the value is of another type than the server told")
            }
        }
        var batches = try FileRows(source).batches(files, role: "file", call)
        if let told = try losses.batch() { batches.insert(told, at: 0) }
        position = range.upperBound
        var place = ReadPlace()
        place.phase = .files
        place.position = position
        return Portion(batches: batches, place: place)
    }
}
