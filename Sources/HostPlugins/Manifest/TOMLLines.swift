// SPDX-License-Identifier: Apache-2.0

/// Finds the line a key stands in, since the parser keeps no places. For messages only: a document written in
/// an unusual way (dotted or quoted keys, inline tables) may have no answer.
struct TOMLLines: Sendable {
    private let places: [String: Int]

    init(_ text: String) {
        var places: [String: Int] = [:]
        var counts: [String: Int] = [:]
        var section = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.first == "[", let end = line.firstIndex(of: "]") {
                section = line[line.startIndex..<end].filter { $0 != "[" && $0 != " " && $0 != "\"" }
                if line.hasPrefix("[[") {
                    let number = counts[section, default: 0]
                    counts[section] = number + 1
                    section += "[\(number)]"
                }
                places[section] = places[section] ?? index + 1
            } else if line.first != "#", let end = line.firstIndex(of: "=") {
                let key = line[line.startIndex..<end].filter { $0 != " " && $0 != "\t" && $0 != "\"" }
                let place = section.isEmpty ? key : "\(section).\(key)"
                places[place] = places[place] ?? index + 1
            }
        }
        self.places = places
    }

    /// Of a key, else of the section it belongs to: 1 for the first line.
    func line(of place: String) -> Int? {
        if let line = places[place] { return line }
        guard let dot = place.lastIndex(of: ".") else { return nil }
        return line(of: String(place[place.startIndex..<dot]))
    }
}
