// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A plugin that a test builds from one C file, as its author would: `cc` and the header folder alone.
package enum CompiledPlugin {
    /// The repository's root, found from this file's own place in it.
    package static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The C plugin that authors are shown first.
    package static let minimalSource = "plugin-sdk/examples/minimal-c/minimal.c"

    /// One folder for each test process, gone when it exits.
    private static let folder: String = {
        let temporary = FileManager.default.temporaryDirectory.path
        removeLeftovers(in: temporary)
        let path = "\(temporary)/host-plugins-\(getpid())-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folderToRemove.withLock { $0 = path }
        atexit {
            if let path = CompiledPlugin.folderToRemove.withLock({ $0 }) {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        return path
    }()
    /// Tests of crashes end processes that can't clear up after themselves.
    private static func removeLeftovers(in temporary: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary)) ?? [] {
            let words = name.split(separator: "-")
            guard name.hasPrefix("host-plugins-"), words.count > 2, let pid = pid_t(words[2]),
                kill(pid, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(temporary)/\(name)")
        }
    }

    private static let folderToRemove = Mutex<String?>(nil)
    private static let built = Mutex<[String: String]>([:])

    /// The path of the library; each combination of source and macros is compiled once in a process.
    package static func build(_ source: String, macros: [String] = []) throws -> String {
        try built.withLock { built in
            let key = ([source] + macros).joined(separator: " ")
            if let path = built[key] { return path }
            let path = "\(folder)/libhost-plugin-\(built.count).so"
            try compile(
                ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
                    + macros.map { "-D\($0)" }
                    + ["-I", "\(root)/plugin-sdk/include", "-o", path, "\(root)/\(source)"])
            built[key] = path
            return path
        }
    }

    /// A file of its own with the same bytes, for tests that change modes or names.
    package static func copy(_ path: String, as name: String) throws -> String {
        let place = "\(folder)/copy-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: path, toPath: "\(place)/\(name)")
        return "\(place)/\(name)"
    }

    private static func compile(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["cc"] + arguments
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let message = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CompileFailure(message: String(decoding: message, as: UTF8.self))
        }
    }
}

package struct CompileFailure: Error {
    package let message: String
}
