// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// One page being written: fields as they come, then what was summarised on the way.
final class PageLoad: UnitLoad {
    private let page: String
    private let part: String
    private let descriptor: Int32
    /// By name; memory grows with the number of names and not of points.
    private var metrics: [ExactText: MetricSummary] = [:]
    private var series: [ExactText: SeriesSummary] = [:]
    /// As the host counts them: given to `write`, less those told as merged.
    private var rows: [Table: Int64] = [:]
    private var last: UInt64 = 0
    private var isWritten = false
    private var isNamed = false

    init(_ unit: UnitInfo, _ page: String) throws(HostError) {
        self.page = page
        part = page + ".part"
        let folder = (page as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw HostError(.io, "The folder can't be made: \(error.localizedDescription).", subject: folder)
        }
        descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Disk.error("can't be made", part) }
        try append(PageHead(unit).lines)
        try Disk.sync(folder: folder)
    }

    deinit { close(descriptor) }

    func write(_ batch: RecordBatch, sequence: UInt64, _ call: Call) throws(HostError) -> UInt64 {
        guard !isWritten else {
            throw HostError(.invalidState, "The page is written; rows can't be added to it.")
        }
        rows[batch.table, default: 0] += Int64(batch.count)
        switch batch.table {
        case .fields: try write(FieldsView(batch), call)
        case .points: add(PointsView(batch))
        case .series: add(SeriesView(batch))
        default:
            throw HostError(
                .unsupported, "A page has no place for this table.", subject: batch.table.rawValue)
        }
        last = sequence
        // The summaries live in memory until `flush`, so until then nothing is durable.
        return 0
    }

    private func write(_ view: FieldsView, _ call: Call) throws(HostError) {
        var lines: [String] = []
        var retyped = LossReport(
            .retyped, .fields, "value.as_text", rows: 0,
            note: "a page shows numbers, truths, times and sets as text")
        for row in 0..<view.count {
            let cells = [view.path[row], view.role[row], view.value(row)?.shown].map {
                Markdown.cell($0 ?? "")
            }
            lines.append("| \(cells.joined(separator: " | ")) |")
            guard view.type[row] != "text" else { continue }
            if retyped.rows == 0 { retyped.path = view.path[row] ?? "" }
            retyped.rows += 1
        }
        try append(lines)
        if retyped.rows > 0 { call.loss(retyped) }
    }

    private func add(_ view: PointsView) {
        for row in 0..<view.count {
            guard let path = view.path[row], let value = view.value[row] else { continue }
            let point = MetricSummary.Point(step: view.step[row], time: view.time[row], value: value)
            metrics[ExactText(path), default: MetricSummary(path)].add(point)
        }
    }

    private func add(_ view: SeriesView) {
        for row in 0..<view.count {
            guard let path = view.path[row], let text = view.text[row] else { continue }
            let entry = SeriesSummary.Entry(step: view.step[row], time: view.time[row], text: text)
            series[ExactText(path), default: SeriesSummary(path)].add(entry)
        }
    }

    /// Writes the summaries and tells what is not on the page: here, since only the end knows which point is the
    /// greatest, and since a loss that was told before a crash would be told again after it.
    func flush(_ call: Call) throws(HostError) -> UInt64 {
        guard !isWritten else { return last }
        let metrics = metrics.values.sorted { $0.path < $1.path }
        let series = series.values.sorted { $0.path < $1.path }
        var lines: [String] = []
        if !metrics.isEmpty { lines += ["", "## Metrics", ""] + MetricSummary.head + metrics.map(\.line) }
        if !series.isEmpty { lines += ["", "## Series", ""] + SeriesSummary.head + series.map(\.line) }
        try append(lines)
        guard fsync(descriptor) == 0 else { throw Disk.error("can't be synced", part) }
        isWritten = true
        tell(
            metrics.map { ($0.path, $0.merged) }, of: .points,
            "the page shows the first, last, least and greatest", call)
        tell(series.map { ($0.path, $0.merged) }, of: .series, "the page shows the first and the last", call)
        return last
    }

    /// Rows that are on the page only as part of a count are merged: the host then counts them as not written.
    private func tell(
        _ counts: [(path: String, merged: Int64)], of table: Table, _ note: String, _ call: Call
    ) {
        let merged = counts.reduce(0) { $0 + $1.merged }
        guard let example = counts.first(where: { $0.merged > 0 }) else { return }
        call.loss(LossReport(.merged, table, "rows.summarised", rows: merged, path: example.path, note: note))
        rows[table, default: 0] -= merged
    }

    func commit(_ summary: CommitSummary, _ call: Call) throws(HostError) -> Target {
        for (table, expected) in summary.rows where expected != rows[table] ?? 0 {
            throw HostError(
                .conflict, "\(expected) rows were to be on the page, and \(rows[table] ?? 0) are.",
                subject: table.rawValue)
        }
        guard isWritten else { throw HostError(.invalidState, "The page was not flushed.", subject: page) }
        if !isNamed {
            guard rename(part, page) == 0 else { throw Disk.error("can't be named", part) }
            isNamed = true
        }
        try Disk.sync(folder: (page as NSString).deletingLastPathComponent)
        return Target(id: page)
    }

    private func append(_ lines: [String]) throws(HostError) {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Disk.error("can't be written", part) }
            done += count
        }
    }
}
