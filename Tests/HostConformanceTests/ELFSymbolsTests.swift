// SPDX-License-Identifier: Apache-2.0

internal import CompiledPlugin
internal import Foundation
internal import HostConformance
internal import Testing

@Suite struct ELFSymbolsTests {
    @Test func aPluginOfOneSymbolExportsIt() throws {
        let path = try CompiledPlugin.build(CompiledPlugin.minimalSource)
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        let symbols = try #require(ELFSymbols(bytes))
        #expect(symbols.exported.map(\.name).filter { !$0.hasPrefix("_") } == ["host_plugin_v0"])
    }

    @Test func aSecondSymbolIsSeen() throws {
        let path = try CompiledPlugin.build("Tests/PlantedDefects/two_symbols.c")
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        let symbols = try #require(ELFSymbols(bytes))
        #expect(symbols.exported.contains(ELFSymbols.Symbol(name: "strong_one", isWeak: false)))
        #expect(symbols.exported.contains(ELFSymbols.Symbol(name: "weak_one", isWeak: true)))
        #expect(!symbols.exported.contains { $0.name == "hidden_one" || $0.name == "strlen" })
    }

    @Test func whatIsNoLibraryOrIsCutGivesNothingAndNoCrash() throws {
        #expect(ELFSymbols([]) == nil)
        #expect(ELFSymbols(Array("#!/bin/sh".utf8)) == nil)
        let path = try CompiledPlugin.build(CompiledPlugin.minimalSource)
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<8 {
                damaged[Int.random(in: 6..<damaged.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            _ = ELFSymbols(Array(damaged.prefix(Int.random(in: 6...damaged.count, using: &random))))
        }
    }
}
