// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// The first line of a page, which Markdown does not show: whose page it is.
struct PageMark {
    let key: String
    let revision: String

    /// Encoded, so that no revision can end the comment.
    var line: String { "<!-- host \(key) \(PercentEncoding.segment(revision)) -->" }

    /// nil when there is no such file; without a key when it is not one of ours.
    static func read(_ path: String) throws(HostError) -> PageMark? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw Disk.error("can't be read", path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        let line = String(
            decoding: bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 5, words[0] == "<!--", words[1] == "host", words[4] == "-->" else {
            return PageMark(key: "", revision: "")
        }
        return PageMark(key: words[2], revision: words[3].removingPercentEncoding ?? "")
    }
}

/// What can go wrong with files, as an error of the unit or of the job.
enum Disk {
    static func error(_ what: String, _ path: String) -> HostError {
        let code = errno
        let reason = String(cString: strerror(code))
        return HostError(
            .io, "The file \(what): \(reason).", subject: path,
            retry: code == ENOSPC || code == EDQUOT ? .stop : .byStatus)
    }

    /// Makes the names in a folder survive a crash.
    static func sync(folder: String) throws(HostError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error("can't be opened", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw error("can't be synced", folder) }
    }
}
