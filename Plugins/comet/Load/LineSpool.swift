// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Lines that become one asset for each name, put aside on disk until the asset can be sent whole.
struct LineSpool {
    struct Form {
        let table: Table
        let ending: String
        /// For ids and metadata.
        let word: String

        static let series = Form(table: .series, ending: ".jsonl", word: "series")
        static let histograms = Form(table: .histograms, ending: ".histograms.jsonl", word: "histograms")
    }

    /// A longer asset is split, since a request's body is held in memory.
    private static let maxPart: Int64 = 16 << 20

    let form: Form
    private var file: ScratchFile?
    private var pieces: [ExactText: [Range<Int64>]] = [:]
    private var order: [ExactText] = []
    /// The lowest batch of which lines are not sent yet.
    private(set) var lowest: UInt64?

    init(_ form: Form) { self.form = form }

    /// In the order of their coming.
    var names: [String] { order.map(\.text) }

    /// `bytes`: whole lines.
    mutating func add(_ bytes: [UInt8], _ name: String, _ sequence: UInt64) throws(HostError) {
        let range = try opened().append(bytes)
        if pieces[ExactText(name)] == nil { order.append(ExactText(name)) }
        pieces[ExactText(name), default: []].append(range)
        lowest = lowest ?? sequence
    }

    private mutating func opened() throws(HostError) -> ScratchFile {
        if let file { return file }
        let made = try ScratchFile()
        file = made
        return made
    }

    /// The lines of a name in assets of bounded size.
    func parts(_ name: String) -> [[Range<Int64>]] {
        var parts: [[Range<Int64>]] = []
        var size: Int64 = 0
        for piece in pieces[ExactText(name)] ?? [] {
            let length = piece.upperBound - piece.lowerBound
            if parts.isEmpty || size + length > Self.maxPart {
                parts.append([])
                size = 0
            }
            parts[parts.count - 1].append(piece)
            size += length
        }
        return parts
    }

    func body(_ part: [Range<Int64>]) throws(HostError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) })
        for piece in part { try file?.read(piece, into: &bytes) }
        return bytes
    }

    /// The lines are sent; what may still come begins anew.
    mutating func isSent() {
        pieces = [:]
        order = []
        lowest = nil
    }
}
