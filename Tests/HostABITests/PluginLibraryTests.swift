// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostRecords
import Testing

@Suite struct PluginLibraryTests {
    @Test func descriptorIsReadWhole() throws {
        let library = try PluginLibrary(path: Variant.sound.path)
        #expect(
            library.name == "variant-1" && library.version == "2.1" && library.roles == [.exporter, .loader])
        let option = try #require(library.options.first)
        #expect(option.name == "do" && option.kind == .text && option.flags == .advanced)
        #expect(option.choices == ["a", "b"] && option.environment == ["VARIANT_DO", "DO"])
        #expect(option.defaultValue == nil && option.roles == [.exporter, .loader])
        let limits = try #require(library.limits)
        #expect(limits.tables == [.points, .links] && limits.abilities == [.nan, .duplicatePoints])
        #expect(limits.kinds == ["run", "model"] && limits.maxText == 500 && limits.maxBatchRows == 1000)
        #expect(
            limits.name(.parameter)
                == NameLimit(
                    .word, extra: "/.", first: .asciiLetter, maxLength: 250, isNormalPath: true,
                    replacement: "-"))
        #expect(limits.name(.tag).countsBytes && limits.name(.metric) == .unlimited)
    }

    @Test(
        arguments: [
            (.noSymbol, "no function"), (.wrongMagic, "magic"), (.smallTable, "too small"),
            (.smallDescriptor, "descriptor"), (.unknownOptionType, "type"), (.upperCaseName, "lower-case"),
            (.emptyName, "lower-case"), (.smallExporter, "too small"), (.noExporter, "missing"),
            (.functionLeftOut, "functions out"), (.smallLimits, "limits"), (.tooManyOptions, "options"),
            (.smallStride, "options"), (.refuses, "refuses"), (.noTable, "gave nothing"),
        ] as [(Variant, String)])
    func wrongPluginIsRefused(variant: Variant, word: String) throws {
        let path = try variant.path
        let error = try #require(hostError { _ = try PluginLibrary(path: path) })
        #expect(error.status == .invalidData && error.retryClass == .stop && error.subject == path)
        #expect(error.message.contains(word), "\(error.message)")
    }

    @Test func pluginOfANewerMinorVersionIsTaken() throws {
        #expect(try PluginLibrary(path: Variant.newer.path).abiMinor == 9)
    }

    @Test func fileThatOthersCanWriteIsRefusedUnopened() throws {
        let path = try CompiledPlugin.copy(Variant.sound.path, as: "open.so")
        try FileManager.default.setAttributes([.posixPermissions: 0o757], ofItemAtPath: path)
        let error = hostError { _ = try PluginLibrary(path: path) }
        #expect(error?.status == .forbidden && error?.remedy == "chmod o-w \(path)")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        #expect(try PluginLibrary(path: path).name == "variant-1")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func fileOfAnotherUserIsRefused() throws {
        let path = try CompiledPlugin.copy(Variant.sound.path, as: "foreign.so")
        #expect(chown(path, 12_345, 12_345) == 0)
        #expect(hostError { _ = try PluginLibrary(path: path) }?.status == .forbidden)
    }

    @Test func whatIsNoLibraryIsRefused() throws {
        let text = try CompiledPlugin.copy(
            CompiledPlugin.root + "/Tests/HostABITests/Fixtures/variant.c", as: "text.so")
        #expect(hostError { _ = try PluginLibrary(path: text) }?.status == .invalidData)
        #expect(hostError { _ = try PluginLibrary(path: "/dev/null") }?.status == .invalidData)
        #expect(hostError { _ = try PluginLibrary(path: text + ".none") }?.status == .io)
    }
}
