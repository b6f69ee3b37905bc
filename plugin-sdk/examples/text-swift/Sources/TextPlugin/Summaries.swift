// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What a page shows of one metric. Points that it shows are whole, with step and time; the others are counted.
struct MetricSummary {
    struct Point {
        let step: Step?
        let time: Int64?
        let value: Double
    }

    static let head = ["| name | count | first | last | least | greatest |", "|---|---|---|---|---|---|"]

    let path: String
    private var count: Int64 = 0
    /// First, last, least, greatest.
    private var shown: [Point?] = [nil, nil, nil, nil]

    init(_ path: String) { self.path = path }

    mutating func add(_ point: Point) {
        if count == 0 { shown[0] = point }
        shown[1] = point
        // NaN is neither less nor greater than anything.
        if !point.value.isNaN {
            if shown[2].map({ point.value < $0.value }) ?? true { shown[2] = point }
            if shown[3].map({ point.value > $0.value }) ?? true { shown[3] = point }
        }
        count += 1
    }

    /// Points that are on the page as part of the count alone.
    var merged: Int64 { count - Int64(Set(shown.compactMap { $0 }.map { ExactText(Self.text($0)) }).count) }

    var line: String {
        let cells = shown.map { $0.map(Self.text) ?? "" }
        return "| \(Markdown.cell(path)) | \(count) | \(cells.joined(separator: " | ")) |"
    }

    private static func text(_ point: Point) -> String {
        // The shortest digits that give the same bits again.
        "\(point.value)" + Place.text(point.step, point.time)
    }
}

/// What a page shows of one series of texts.
struct SeriesSummary {
    struct Entry {
        let step: Step?
        let time: Int64?
        let text: String
    }

    static let head = ["| name | count | first | last |", "|---|---|---|---|"]

    let path: String
    private var count: Int64 = 0
    private var first: Entry?
    private var last: Entry?

    init(_ path: String) { self.path = path }

    mutating func add(_ entry: Entry) {
        if count == 0 { first = entry }
        last = entry
        count += 1
    }

    /// Entries that are on the page as part of the count alone.
    var merged: Int64 { count - Int64(Set(cells.map { ExactText($0) }).count) }

    private var cells: [String] {
        [first, last].compactMap { $0 }.map { Markdown.cell($0.text) + Place.text($0.step, $0.time) }
    }

    var line: String {
        "| \(Markdown.cell(path)) | \(count) | \(cells.joined(separator: " | ")) |"
    }
}

/// Where in its run a value stands.
private enum Place {
    static func text(_ step: Step?, _ time: Int64?) -> String {
        (step.map { " at step \($0)" } ?? "") + (time.map { ", \(UTCTime(microseconds: $0).isoText)" } ?? "")
    }
}
