// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPlugins
internal import HostRecords

/// Levels 0 and 1 of `host plugin test`, run before a plugin is installed: it loads, and describes itself as
/// the rules ask. In a process of its own, so that a plugin that ends its process does not end this one.
enum LoadLevelTest {
    /// - Parameter source: what to call the library in messages.
    static func run(_ library: String, manifest: String?, source: String) throws(HostError) {
        guard PluginCommand.has("test") else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: HostBinary.path)
        process.arguments =
            ["plugin", "test", library, "--level", "1"] + (manifest.map { ["--manifest", $0] } ?? [])
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let told: String
        do {
            try process.run()
            told = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        } catch {
            throw HostError(.internal, "The test can't be run: \(error).", subject: source)
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            Console.raw(told.replacing(library, with: source))
            throw HostError(
                .invalidData, "It does not pass level 1 of host plugin test; it is not installed.",
                subject: source, remedy: "Tell its author what stands above.", retry: .stop)
        }
    }
}
