// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The parts in which a run is read, in order.
enum ReadPhase: Int, CaseIterable {
    case losses
    case fields
    case points
    case texts
    case histograms
    case files
    case fileSeries
}

/// How far one series was handed over.
enum SeriesMark: Equatable {
    case fresh
    /// Up to the point of this step; of series that the server pages by token, also so many points.
    case after(step: Double, count: Int)
    case finished
}

/// Where the reading of a run stands; as text it is the cursor.
///
/// Names do not stand in it, since they may be longer than a cursor: positions in the catalogue's lists do,
/// and a mark of the catalogue, without which they mean nothing.
struct ReadPlace {
    var phase: ReadPhase = .losses
    /// Of the phase's names, the first that is not done.
    var position = 0
    /// Of the names from there on that are read together; empty: none is begun.
    var marks: [SeriesMark] = []

    func cursor(_ mark: String) -> [UInt8] {
        var text = "run \(mark) \(phase.rawValue) \(position)"
        for mark in marks {
            switch mark {
            case .fresh: text += " -"
            case .finished: text += " ."
            case .after(let step, let count):
                text += " " + String(step.bitPattern, radix: 36) + (count > 0 ? ":\(count)" : "")
            }
        }
        return Array(text.utf8)
    }

    init() {}

    init(cursor: [UInt8], mark: String, _ subject: String) throws(HostError) {
        let words = String(decoding: cursor, as: UTF8.self).split(
            separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 4, words[0] == "run", let number = Int(words[2]),
            let phase = ReadPhase(rawValue: number), let position = Int(words[3]), position >= 0
        else { throw Self.refusal("This is not a cursor of a run.", subject) }
        guard words[1] == mark else {
            throw Self.refusal("The cursor was made in another state of the run.", subject)
        }
        self.phase = phase
        self.position = position
        for word in words.dropFirst(4) {
            guard let mark = Self.mark(word) else {
                throw Self.refusal("This is not a cursor of a run.", subject)
            }
            marks.append(mark)
        }
    }

    private static func mark(_ word: Substring) -> SeriesMark? {
        if word == "-" { return .fresh }
        if word == "." { return .finished }
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bits = UInt64(parts[0], radix: 36) else { return nil }
        guard parts.count == 2 else { return .after(step: Double(bitPattern: bits), count: 0) }
        return Int(parts[1]).flatMap { $0 > 0 ? .after(step: Double(bitPattern: bits), count: $0) : nil }
    }

    private static func refusal(_ message: String, _ subject: String) -> HostError {
        HostError(.invalidData, message, subject: subject, remedy: "Read the run from its start.")
    }
}
