// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostABI
import HostRecords
import Testing

/// Where the plugin of a test runs.
enum PluginPlace {
    @TaskLocal static var isWorker = false

    static func open(_ path: String) throws -> PluginLibrary {
        isWorker ? try PluginLibrary(isolated: path, workers) : try PluginLibrary(path: path)
    }

    /// The program that was built beside the tests is the one that knows how to be a worker.
    static var workers: WorkerSettings {
        var settings = WorkerSettings()
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        settings.executable = (tests as NSString).deletingLastPathComponent + "/host"
        return settings
    }
}

/// Runs each test twice: with the plugin in this process, and in a worker. Both have to behave alike.
struct BothPlaces: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        try await PluginPlace.$isWorker.withValue(false) { try await body() }
        try await PluginPlace.$isWorker.withValue(true) { try await body() }
    }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> BothPlaces? { testCase == nil ? nil : self }
}

extension Trait where Self == BothPlaces {
    static var inBothPlaces: BothPlaces { BothPlaces() }
}
