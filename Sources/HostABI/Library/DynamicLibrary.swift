// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A shared library that is never closed: code of Swift, Go and C++ can't be unloaded safely.
struct DynamicLibrary {
    private let handle: UnsafeMutableRawPointer

    /// Opens with all symbols bound at once, none of them visible to other libraries.
    init(path: String) throws(HostError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw HostError(
                .invalidData, "The library can't be opened: \(reason).", subject: path,
                remedy: "Install what it needs, or remove the file.", retry: .stop)
        }
        self.handle = handle
    }

    func symbol(_ name: String) -> UnsafeMutableRawPointer? {
        dlsym(handle, name)
    }
}

/// Refuses files that somebody else could have changed.
enum LibraryTrust {
    static func check(_ path: String) throws(HostError) {
        var info = stat()
        guard stat(path, &info) == 0 else {
            throw HostError(.io, "The file can't be read: \(String(cString: strerror(errno))).", subject: path)
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw HostError(.invalidData, "A plugin has to be a regular file.", subject: path, retry: .stop)
        }
        guard info.st_mode & S_IWOTH == 0 else {
            throw HostError(
                .forbidden, "The plugin is refused: every user of this machine can change it.", subject: path,
                remedy: "chmod o-w \(path)")
        }
        guard info.st_uid == 0 || info.st_uid == geteuid() else {
            throw HostError(
                .forbidden, "The plugin is refused: it belongs to another user (uid \(info.st_uid)).",
                subject: path, remedy: "Install your own copy of it.")
        }
    }
}
