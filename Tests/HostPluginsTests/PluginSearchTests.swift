// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostPlugins
import HostRecords
import Testing

@Suite struct PluginSearchTests {
    private let sound: String
    private let wrongMagic: String

    init() throws {
        let source = "Tests/HostABITests/Fixtures/variant.c"
        sound = try CompiledPlugin.build(source, macros: ["VARIANT=0"])
        wrongMagic = try CompiledPlugin.build(source, macros: ["VARIANT=2"])
    }

    @Test func searchTakesTheFirstOfANameAndTellsOfTheOthers() throws {
        let first = try CompiledPlugin.copy(sound, as: "a.so")
        let second = try CompiledPlugin.copy(sound, as: "b.so")
        let wrong = try CompiledPlugin.copy(wrongMagic, as: "c.so")
        let folders = [first, second, wrong].map { ($0 as NSString).deletingLastPathComponent }
        let search = PluginSearch(environment: [
            "HOST_PLUGIN_PATH": "relative:" + folders.joined(separator: ":")
        ])
        let found = search.all()
        #expect(found.libraries.filter { $0.name == "variant-1" }.map(\.path) == [first])
        #expect(found.problems.contains { $0.path == second && $0.error.status == .conflict })
        #expect(found.problems.contains { $0.path == wrong && $0.error.status == .invalidData })
        #expect(try search.find("variant-1").path == first)
        #expect(!search.searchedFolders.contains { !$0.hasPrefix("/") })
        let error = #expect(throws: HostError.self) { _ = try search.find("nothing") }
        #expect(error?.status == .invalidOption && error?.message.contains("variant-1") == true)
    }
}
