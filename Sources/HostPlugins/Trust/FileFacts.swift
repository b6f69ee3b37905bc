// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// What the system says of a file or folder; the one place of this module that asks it.
struct FileFacts: Sendable {
    enum Kind: Sendable { case regular, folder, link, other }

    let kind: Kind
    let owner: UInt32
    let group: UInt32
    let size: Int64
    let othersMayWrite: Bool
    let groupMayWrite: Bool
    /// In such a folder only its owner can rename or remove a file.
    let isSticky: Bool

    /// - Parameter followsLinks: false looks at a link itself.
    init(_ path: String, followsLinks: Bool = true) throws(HostError) {
        var info = stat()
        let result = followsLinks ? stat(path, &info) : lstat(path, &info)
        guard result == 0 else { throw Self.failure("can't be read", errno, path) }
        kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        owner = info.st_uid
        group = info.st_gid
        size = Int64(info.st_size)
        othersMayWrite = info.st_mode & S_IWOTH != 0
        groupMayWrite = info.st_mode & S_IWGRP != 0
        isSticky = info.st_mode & S_ISVTX != 0
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func mayWrite(_ path: String) -> Bool { access(path, W_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        guard let facts = try? FileFacts(path) else { return false }
        return facts.kind == .folder
    }

    /// With every link on the way followed.
    static func resolved(_ path: String) throws(HostError) -> String {
        guard let place = realpath(path, nil) else { throw failure("can't be read", errno, path) }
        defer { free(place) }
        return String(cString: place)
    }

    /// Links stay; `.`, `..` and what is relative to the working folder do not.
    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// - Parameter limit: bytes; a longer file is refused.
    static func text(of path: String, limit: Int64) throws(HostError) -> String {
        let facts = try FileFacts(path)
        guard facts.kind == .regular else {
            throw HostError(.invalidData, "It has to be a regular file.", subject: path, retry: .stop)
        }
        guard facts.size <= limit else {
            throw HostError(.limit, "It is longer than \(limit) bytes.", subject: path, retry: .stop)
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw HostError(.io, "The file can't be read.", subject: path, retry: .stop)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HostError(.invalidData, "The file is not UTF-8.", subject: path, retry: .stop)
        }
        return text
    }

    static func failure(_ what: String, _ code: Int32, _ path: String) -> HostError {
        HostError(
            code == ENOENT || code == ENOTDIR ? .notFound : .io,
            "The file \(what): \(String(cString: strerror(code))).", subject: path, retry: .stop)
    }
}

extension String {
    /// What stands before the last `/`.
    var folderOfPath: String { (self as NSString).deletingLastPathComponent }
    var lastOfPath: String { (self as NSString).lastPathComponent }
}
