// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Looks for what would be lost, or wrong, when an archive is read; a row for each problem.
struct ArchiveCheck {
    private let archive: ArchiveExporter
    private let projects: [String]
    private let looksAtPayloads: Bool
    private var problems = 0
    private var parts = 0
    /// Where the first files of each run are.
    private var known: [UnitRef: String] = [:]

    private var folder: ArchiveFolder { archive.folder }

    init(_ archive: ArchiveExporter, projects: [String], payloads: Bool) {
        self.archive = archive
        self.projects = projects
        looksAtPayloads = payloads
    }

    mutating func run(_ call: Call) throws(HostError) {
        for project in try folder.projectFolders(matching: projects) {
            let (runs, unfinished) = folder.runs(project)
            for path in unfinished {
                try tell(
                    "run.unfinished", path, nil, "only .tmp files are there: the export was interrupted", call
                )
            }
            for files in runs { try check(files, call) }
        }
        guard problems == 0 else {
            throw HostError(
                .invalidData, "The archive has \(problems) problems.", subject: folder.data, retry: .never)
        }
        call.log(.info, "\(known.count) runs in \(parts) parts are whole")
    }

    private mutating func check(_ files: RunFiles, _ call: Call) throws(HostError) {
        var ref: UnitRef?
        for number in files.parts {
            try call.checkCancelled()
            parts += 1
            let path = files.path(number)
            let scan: PartScan
            do throws(HostError) {
                scan = try PartScan(path)
            } catch {
                try tell("part.unreadable", path, ref, error.message, call)
                continue
            }
            if scan.mixesRuns {
                try tell("part.mixed-runs", path, nil, "the file holds rows of several runs", call)
                continue
            }
            if let run = scan.run {
                let own = UnitRef(kind: files.kind, project: scan.project ?? "", id: run)
                if let ref, ref != own {
                    try tell(
                        "part.other-run", path, own, "part \(files.parts[0]) is of \(ref.project)/\(ref.id)",
                        call)
                }
                ref = ref ?? own
            }
            for column in scan.unusableColumns {
                try tell("column.unusable", path, ref, "the column \(column) can't be read", call)
            }
            try read(files, number, ref, call)
        }
        for gap in files.gaps {
            try tell("part.missing", files.path(gap), ref, "a part between others is not there", call)
        }
        try check(RunNote.read(files), files, ref, call)
        guard let ref else { return }
        let place = folder.relative("\(files.folder)/\(files.stem)")
        if let first = known[ref] {
            try tell("run.duplicate", place, ref, "the run is in \(first) too", call)
        } else {
            known[ref] = place
        }
    }

    /// What this project's own loader noted beside the parts.
    private mutating func check(
        _ note: RunNote?, _ files: RunFiles, _ ref: UnitRef?, _ call: Call
    ) throws(HostError) {
        guard let note else { return }
        if !note.isComplete {
            try tell(
                "run.incomplete", "\(files.folder)/\(files.stem)", ref,
                "the load of job '\(note.job)' was never committed", call)
        } else if let last = files.parts.last, last + 1 < note.parts {
            for number in last + 1..<note.parts {
                try tell(
                    "part.missing", files.path(number), ref, "the loader wrote \(note.parts) parts", call)
            }
        }
    }

    /// Reads all of one part as an export would.
    private mutating func read(
        _ files: RunFiles, _ number: Int, _ ref: UnitRef?, _ call: Call
    ) throws(HostError) {
        let path = files.path(number)
        let payloads = PayloadFolder(filesPath: archive.options.files, projectFolder: files.projectFolder)
        var failure: HostError?
        var losses: [RecordBatch] = []
        do throws(HostError) {
            var place = ArchivePosition().place
            let reader = try PartReader(path, at: place, zone: nil)
            let rows = FileRows(payloads, projectFolder: files.projectFolder)
            while let next = try reader.next(&place) {
                try call.checkCancelled()
                switch next {
                case .records(let batch) where batch.table == .losses:
                    losses.append(try CoreLosses.classified(batch))
                case .records: continue
                case .files(let archived):
                    guard looksAtPayloads else { continue }
                    losses += try rows.batches(archived).filter { $0.table == .losses }
                }
            }
        } catch {
            if error.status == .cancelled { throw error }
            failure = error
        }
        for batch in losses { try tell(batch, path, ref, call) }
        if let failure { try tell("part.unreadable", path, ref, failure.message, call) }
    }

    /// Losses of the reader by which something does not arrive; what is only noted is no problem.
    private mutating func tell(
        _ losses: RecordBatch, _ path: String, _ ref: UnitRef?, _ call: Call
    ) throws(HostError) {
        let (paths, codes, rows, notes) = (
            losses.text("path"), losses.text("code"), losses.int64("rows"), losses.text("note")
        )
        let kinds = losses.text("kind")
        for row in 0..<losses.count where kinds[row] != LossKind.noted.label {
            let attribute = paths[row] ?? ""
            try tell(
                codes[row] ?? "", path, ref, (attribute.isEmpty ? "" : "\(attribute): ") + (notes[row] ?? ""),
                rows: rows[row] ?? 1, call)
        }
    }

    private mutating func tell(
        _ problem: String, _ path: String, _ ref: UnitRef?, _ note: String, rows: Int64 = 1, _ call: Call
    ) throws(HostError) {
        problems += 1
        try call.row(problem, folder.relative(path), ref.map { "\($0.project)/\($0.id)" }, rows, note)
    }
}
