// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// The payload files of one project. Paths come from the archive's rows and are not trusted: nothing outside of the
/// root is ever opened, whether named by an absolute path, by `..` or through a link.
struct PayloadFolder {
    struct Member {
        /// Below the directory that was asked for, with `/`.
        var name: String
        /// Below the root.
        var path: String
        var size: Int64
    }

    enum Content {
        case file(size: Int64)
        /// With those of its members that can't be handed over.
        case directory([Member], refused: [(name: String, why: Refusal)])
    }

    /// Why a payload can't be handed over: a code and a sentence.
    struct Refusal: Error {
        var code: String
        var note: String
    }

    private let root: String
    private static let maxDepth = 64
    private static let maxMembers = 1_000_000

    init(filesPath: String, projectFolder: String) {
        root = "\(filesPath)/\(projectFolder)"
    }

    func look(_ path: String) throws(Refusal) -> Content {
        let real = try resolve(path)
        var info = stat()
        guard lstat(real, &info) == 0 else {
            throw Refusal(code: "file.missing", note: "the payload is not in the files folder")
        }
        switch info.st_mode & S_IFMT {
        case S_IFREG: return .file(size: Int64(info.st_size))
        case S_IFDIR: return try directory(real, path)
        default: throw Refusal(code: "file.not-regular", note: "the payload is neither a file nor a directory")
        }
    }

    /// Opens a file below the root.
    func open(_ path: String) throws(HostError) -> ReadableFile {
        do {
            return try ReadableFile(try resolve(path))
        } catch let refusal as Refusal {
            throw HostError(.invalidData, refusal.note, subject: path)
        } catch {
            throw (error as? HostError) ?? HostError(.io, "It can't be opened.", subject: path)
        }
    }

    /// The path without links, proved to lie below the root.
    private func resolve(_ path: String) throws(Refusal) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard !path.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), !path.utf8.contains(0) else {
            throw Refusal(code: "file.unsafe-path", note: "the payload's path leaves the files folder; it was not read")
        }
        guard let realRoot = Self.realPath(root), let real = Self.realPath("\(root)/\(path)") else {
            throw Refusal(code: "file.missing", note: "the payload is not in the files folder")
        }
        guard real.hasPrefix(realRoot + "/") else {
            throw Refusal(code: "file.unsafe-path", note: "a link leads the payload out of the files folder; it was not read")
        }
        return real
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Regular files below, sorted; links are passed through the same proof as any path.
    private func directory(_ real: String, _ path: String) throws(Refusal) -> Content {
        var result: [Member] = []
        var refused: [(name: String, why: Refusal)] = []
        var open = [(name: "", depth: 0)]
        while let (prefix, depth) = open.popLast() {
            guard depth <= Self.maxDepth, result.count <= Self.maxMembers else {
                throw Refusal(code: "file.too-deep", note: "the directory is too deep or too large")
            }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: real + prefix)) ?? []
            for name in names.sorted(by: { ExactText($0) < ExactText($1) }) {
                let relative = prefix + "/" + name
                do throws(Refusal) {
                    let inside = try resolve(path + relative)
                    var info = stat()
                    guard lstat(inside, &info) == 0 else {
                        throw Refusal(code: "file.missing", note: "the file can't be looked at")
                    }
                    switch info.st_mode & S_IFMT {
                    case S_IFDIR: open.append((relative, depth + 1))
                    case S_IFREG:
                        result.append(
                            Member(
                                name: String(relative.dropFirst()), path: path + relative,
                                size: Int64(info.st_size)))
                    default:
                        throw Refusal(code: "file.not-regular", note: "it is neither a file nor a directory")
                    }
                } catch {
                    refused.append((String(relative.dropFirst()), error))
                }
            }
        }
        return .directory(result.sorted { ExactText($0.name) < ExactText($1.name) }, refused: refused)
    }
}
