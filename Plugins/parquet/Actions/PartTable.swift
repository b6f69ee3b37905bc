// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// A row for each part of an archive.
struct PartTable {
    private let archive: ArchiveExporter
    private let projects: [String]

    init(_ archive: ArchiveExporter, projects: [String]) {
        self.archive = archive
        self.projects = projects
    }

    func run(_ call: Call) throws(HostError) {
        for project in try archive.folder.projectFolders(matching: projects) {
            for files in archive.folder.runs(project).runs {
                for part in files.parts {
                    try call.checkCancelled()
                    try row(files, part, call)
                }
            }
        }
    }

    private func row(_ files: RunFiles, _ part: Int, _ call: Call) throws(HostError) {
        let path = files.path(part)
        let scan = try? PartScan(path)
        let size = try? ReadableFile(path).size
        try call.row(
            scan?.project ?? files.projectFolder, scan?.run, files.kind, part, size, scan?.rows,
            scan?.rowGroups,
            archive.folder.relative(path))
    }
}

extension ArchiveFolder {
    /// Those whose folder matches one of the globs; without any, all.
    func projectFolders(matching globs: [String]) throws(HostError) -> [String] {
        try projectFolders().filter { folder in
            globs.isEmpty || globs.contains { fnmatch($0, folder, 0) == 0 }
        }
    }

    /// The path below the data folder.
    func relative(_ path: String) -> String {
        path.hasPrefix(data + "/") ? String(path.dropFirst(data.count + 1)) : path
    }
}

extension Call {
    func checkCancelled() throws(HostError) {
        if isCancelled { throw HostError(.cancelled, "Stopped on request.", retry: .stop) }
    }
}
