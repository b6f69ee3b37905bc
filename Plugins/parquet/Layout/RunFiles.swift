// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// The parts of one run, model or model version on disk.
struct RunFiles {
    /// run, model or model-version
    var kind: String
    /// Folder of the project below the data folder.
    var projectFolder: String
    var folder: String
    var stem: String
    /// Numbers of the parts that are there, ascending.
    var parts: [Int]

    func path(_ part: Int) -> String { "\(folder)/\(stem)_part_\(part).parquet" }

    /// Numbers that are missing below the highest.
    var gaps: [Int] {
        guard let last = parts.last else { return [] }
        return (0...last).filter { !parts.contains($0) }
    }

    /// Changes when a part does: names, sizes and the last bytes of each (the footer, which tells of the rest), so
    /// that a copy of an archive has the revisions of the original.
    func revision() throws(HostError) -> String {
        var text: [UInt8] = []
        for part in parts {
            let file = try ReadableFile(path(part))
            let tail = try file.tail(64 << 10)
            text += Array("\(part):\(file.size):".utf8) + tail
        }
        return SafeName.digest(text)
    }
}

/// Finds the runs of an archive by the names of their files.
struct ArchiveFolder {
    let data: String

    static let kinds: [(kind: String, folder: String)] = [
        ("run", ""), ("model", "/models"), ("model-version", "/model_versions"),
    ]

    func projectFolders() throws(HostError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: data, isDirectory: &isFolder), isFolder.boolValue else {
            throw HostError(
                .notFound, "There is no such folder.", subject: data,
                remedy: "Give the archive's data folder, for example parquet:./exports/data.", retry: .stop)
        }
        return names(data).filter { !$0.hasPrefix(".") && isDirectory("\(data)/\($0)") }
    }

    /// The runs of one project in the order of their names, and the stems of exports that were never finished.
    func runs(_ project: String) -> (runs: [RunFiles], unfinished: [String]) {
        var runs: [RunFiles] = []
        var unfinished: [String] = []
        for (kind, sub) in Self.kinds {
            let folder = "\(data)/\(project)\(sub)"
            var parts: [ExactText: [Int]] = [:]
            var leftovers: Set<ExactText> = []
            for name in names(folder) {
                if let (stem, number) = Self.part(name, ending: ".parquet") {
                    parts[ExactText(stem), default: []].append(number)
                } else if let (stem, _) = Self.part(name, ending: ".parquet.tmp") {
                    leftovers.insert(ExactText(stem))
                }
            }
            for (stem, numbers) in parts.sorted(by: { $0.key < $1.key }) {
                runs.append(
                    RunFiles(
                        kind: kind, projectFolder: project, folder: folder, stem: stem.text, parts: numbers.sorted()))
            }
            for stem in leftovers.sorted() where parts[stem] == nil { unfinished.append("\(folder)/\(stem.text)") }
        }
        return (runs, unfinished)
    }

    /// Where the files of a unit are, or would be.
    func place(_ unit: UnitRef) -> RunFiles {
        let project = SafeName.name(unit.project)
        let sub = Self.kinds.first { $0.kind == unit.kind }?.folder ?? ""
        var files = RunFiles(
            kind: unit.kind, projectFolder: project, folder: "\(data)/\(project)\(sub)",
            stem: SafeName.name(unit.id), parts: [])
        var number = 0
        while FileManager.default.fileExists(atPath: files.path(number)) {
            files.parts.append(number)
            number += 1
        }
        return files
    }

    /// Splits at the last `_part_`, since an id may hold one too.
    private static func part(_ name: String, ending: String) -> (stem: String, number: Int)? {
        guard name.hasSuffix(ending) else { return nil }
        let base = name.dropLast(ending.count)
        guard let mark = base.range(of: "_part_", options: .backwards), let number = Int(base[mark.upperBound...]),
            number >= 0, String(number) == base[mark.upperBound...]
        else { return nil }
        return (String(base[..<mark.lowerBound]), number)
    }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted {
            ExactText($0) < ExactText($1)
        }
    }

    private func isDirectory(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
