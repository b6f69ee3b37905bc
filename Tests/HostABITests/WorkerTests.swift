// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostRecords
import Testing

/// Plugins that break down in a worker process: the host stays, and says what happened.
@Suite struct WorkerTests {
    private let told = ToldByPlugin()

    private func loader(
        _ doing: String, timeout: Double = 30, memory: Int64 = 1 << 30
    ) throws -> any LoaderInstance {
        var settings = PluginPlace.workers
        settings.callTimeout = timeout
        settings.memoryLimit = memory
        let path = try CompiledPlugin.build("Tests/HostABITests/Fixtures/unruly.c")
        return try PluginLibrary(isolated: path, settings).openLoader(
            OptionValues(scope: "", values: [0: .text(doing)]), context: told.context())
    }

    @Test(arguments: [
        ("segfault", "crashed (SIGSEGV)"), ("abort", "crashed (SIGABRT)"), ("trap", "crashed (SIGILL)"),
        ("exit", "exit code 3"), ("close all", "exit code 0"), ("garbage", "no message"),
    ])
    func breakdownIsToldAndTheNextCallHasANewWorker(doing: String, words: String) throws {
        let loader = try loader(doing)
        let error = try #require(hostError { try loader.check() })
        #expect(error.status == .internal && error.retryClass == .later && error.subject == "unruly")
        #expect(error.message.contains(words) && error.message.contains("check"), "\(error.message)")
        #expect(try loader.limits().kinds == ["run"])
    }

    @Test func whatThePluginPrintedIsLogged() throws {
        let error = try #require(hostError { try loader("print").check() })
        #expect(error.detail.contains("last words"))
        #expect(told.log.contains { $0.contains("what a plugin must not do") })
    }

    @Test func pluginThatHangsIsStopped() throws {
        let loader = try loader("hang", timeout: 0.2)
        #expect(hostError { try loader.check() }?.message.contains("no sign of life") == true)
    }

    @Test func processThatStandsStillIsStopped() throws {
        let loader = try loader("stopped", timeout: 0.2)
        #expect(hostError { try loader.check() }?.message.contains("no sign of life") == true)
    }

    @Test func pluginThatLeaksIsStopped() throws {
        let loader = try loader("leak", memory: 200 << 20)
        #expect(hostError { try loader.check() }?.message.contains("MiB of memory") == true)
    }

    @Test func cancelReachesACallThatRuns() throws {
        let loader = try loader("busy")
        let flag = told.cancelFlag
        Thread.detachNewThread {
            usleep(50_000)
            flag.set()
            loader.cancel()
        }
        let error = try #require(hostError { try loader.check() })
        #expect(error.status == .cancelled && error.message == "Stopped on request.")
    }

    @Test func pluginThatDoesNotHearIsStoppedAfterFiveSeconds() throws {
        let loader = try loader("hang")
        told.cancelFlag.set()
        let error = try #require(hostError { try loader.check() })
        #expect(error.status == .cancelled && error.message.contains("did not stop"))
    }

    @Test(arguments: [("abort()", "SIGABRT"), ("*(volatile int *)8 = 1", "SIGSEGV"), ("exit(1)", "exit code 1")])
    func crashWhileDescribedIsRefused(doing: String, words: String) throws {
        let path = try CompiledPlugin.build("Tests/HostABITests/Fixtures/unruly.c", macros: ["DESCRIBE=\(doing)"])
        let error = try #require(hostError { _ = try PluginLibrary(isolated: path, PluginPlace.workers) })
        #expect(error.status == .invalidData && error.subject == path && error.message.contains(words))
    }

    @Test func hangWhileDescribedIsRefused() throws {
        var settings = PluginPlace.workers
        settings.callTimeout = 0.2
        let path = try CompiledPlugin.build("Tests/HostABITests/Fixtures/unruly.c", macros: ["DESCRIBE=for (;;) pause()"])
        let error = try #require(hostError { _ = try PluginLibrary(isolated: path, settings) })
        #expect(error.message.contains("no sign of life") && error.message.contains("describe"))
    }

    @Test func descriptionIsTheSameInBothPlaces() throws {
        let here = try PluginLibrary(path: Variant.sound.path)
        let there = try PluginLibrary(isolated: try Variant.sound.path, PluginPlace.workers)
        #expect("\(here.options) \(here.actions)" == "\(there.options) \(there.actions)")
        #expect(here.name == there.name && here.version == there.version && here.roles == there.roles)
        let (ours, theirs) = (try #require(here.limits), try #require(there.limits))
        #expect(ours.tables == theirs.tables && ours.abilities == theirs.abilities && ours.kinds == theirs.kinds)
        #expect(NameScope.allCases.allSatisfy { ours.name($0) == theirs.name($0) } && ours.maxText == theirs.maxText)
        #expect(there.isIsolated && !here.isIsolated)
    }
}
