// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Lists an archive's runs, a page at a time: each is scanned when its turn comes.
final class RunList: BatchSource {
    private static let pageSize = 64

    private let folder: ArchiveFolder
    private var projects: [String]
    private var runs: [RunFiles] = []
    private let cursor: String
    private let observer: (RunScan) -> Void
    private var losses = LossRows()

    /// - Parameter cursor: place of the last run that was listed; empty: from the start.
    init(_ folder: ArchiveFolder, after cursor: String, _ observer: @escaping (RunScan) -> Void) throws(HostError) {
        self.folder = folder
        self.cursor = cursor
        self.observer = observer
        projects = try folder.projectFolders().reversed()
    }

    func next(_ call: Call) throws(HostError) -> SourceBatch? {
        var page: [RunScan] = []
        var revisions: [String] = []
        while page.count < Self.pageSize, !call.isCancelled, let files = nextRun() {
            do throws(HostError) {
                let scan = try RunScan(files)
                revisions.append(try files.revision())
                page.append(scan)
                observer(scan)
            } catch {
                losses.add(.units, "\(files.folder)/\(files.stem)", "unit.unreadable", error.subject.isEmpty ? error.message : "\(error.subject): \(error.message)")
            }
        }
        if let batch = try losses.batch() {
            losses = LossRows()
            if page.isEmpty { return SourceBatch(batch) }
            held = try Self.batch(page, revisions)
            heldCursor = Self.place(page[page.count - 1].files)
            return SourceBatch(batch)
        }
        if let held {
            self.held = nil
            return SourceBatch(held, cursor: heldCursor)
        }
        guard let last = page.last else { return nil }
        return SourceBatch(try Self.batch(page, revisions), cursor: Self.place(last.files))
    }

    /// A page that waits behind its losses.
    private var held: RecordBatch?
    private var heldCursor: [UInt8] = []

    private func nextRun() -> RunFiles? {
        if held != nil { return nil }
        while true {
            if let run = runs.popLast() {
                if cursor.isEmpty || ExactText(String(decoding: Self.place(run), as: UTF8.self)) > ExactText(cursor) {
                    return run
                }
                continue
            }
            guard let project = projects.popLast() else { return nil }
            let (found, unfinished) = folder.runs(project)
            for path in unfinished {
                losses.add(
                    .units, path, "unit.unfinished",
                    "the exporter was interrupted: only .tmp files are there. Export this run again")
            }
            runs = found.reversed()
        }
    }

    private static func place(_ files: RunFiles) -> [UInt8] {
        Array("\(files.projectFolder)/\(files.kind)/\(files.stem)".utf8)
    }

    private static func batch(_ scans: [RunScan], _ revisions: [String]) throws(HostError) -> RecordBatch {
        let steps = scans.map(\.forkStep)
        // Microseconds; a time of a damaged file may have no room there, and is none then.
        func time(_ path: String) -> [Int64?] {
            scans.map { scan in
                scan.time(path).flatMap { time in
                    let (microseconds, overflow) = time.multipliedReportingOverflow(by: 1000)
                    return overflow ? nil : microseconds
                }
            }
        }
        return try RecordBatch(
            .units,
            [
                ("kind", .text(scans.map(\.ref.kind))), ("project", .text(scans.map(\.ref.project))),
                ("id", .text(scans.map(\.ref.id))), ("name", .text(scans.map { $0.text("sys/custom_run_id") })),
                ("group", .text(scans.map { $0.text("sys/name") })), ("state", .text(scans.map(\.state))),
                ("owner", .text(scans.map { $0.text("sys/owner") })),
                ("fork_parent", .text(scans.map { $0.text("sys/forking/parent") })),
                ("fork_step", .int64(steps.map { $0?.whole })), ("fork_millionths", .int32(steps.map { $0?.millionths })),
                ("created", .time(time("sys/creation_time"))), ("started", .time(time("sys/creation_time"))),
                ("ended", .time(time("sys/modification_time"))), ("archived", .bool(scans.map(\.isArchived))),
                ("revision", .text(revisions)),
                ("rows", .int64(scans.map { $0.attributes.reduce(0) { $0 + $1.values } })),
            ])
    }
}
