// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostHTTP
import HostPlugins
import HostRecords
import Testing

/// Files that are no plugin for this machine: each is told from the others, and none of them ends the
/// process.
@Suite struct WrongLibraryTests {
    private let home: HomeForTest
    private let sound: Data

    init() throws {
        home = try HomeForTest()
        sound = try Data(contentsOf: URL(fileURLWithPath: NamedPlugin.build()))
    }

    /// The error of the search and that of the installation.
    private func told(_ bytes: Data) throws -> (searched: HostError, installed: HostError) {
        let path = "\(home.path)/one/libhost-plugin-x.so"
        try FileManager.default.createDirectory(atPath: "\(home.path)/one", withIntermediateDirectories: true)
        try bytes.write(to: URL(fileURLWithPath: path))
        try setMode(0o644, path)
        let listing = try #require(home.search(["\(home.path)/one"]).listings().first)
        #expect(listing.state == .broken)
        let searched = try #require(listing.error)
        let installed = try #require(hostError { try home.install(path) })
        #expect(searched.subject == path && installed.subject == path)
        #expect(searched.status == .invalidData && installed.status == .invalidData)
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.plugins).isEmpty, "nothing is left")
        return (searched, installed)
    }

    private func told(_ wrong: Wrong) throws -> (searched: HostError, installed: HostError) {
        try told(Data(contentsOf: URL(fileURLWithPath: NamedPlugin.build(wrong: wrong))))
    }

    @Test func functionOfAPluginIsMissing() throws {
        let (searched, installed) = try told(.noSymbol)
        #expect(searched.message == "It has no function host_plugin_v0: not a plugin of host.")
        #expect(installed.message == searched.message)
    }

    @Test func pluginOfAnotherMajorVersion() throws {
        let (searched, installed) = try told(.newerMajor)
        #expect(searched.message == "It is made for major version 7 of the ABI; this host speaks version 0.")
        #expect(installed.message == searched.message)
    }

    @Test func functionThatNobodyHas() throws {
        let (searched, installed) = try told(.undefinedFunction)
        #expect(searched.message.contains("undefined symbol: nobody_defines_this"))
        #expect(installed.message == searched.message, "the passing copy is not named")
    }

    @Test func pluginThatCrashesWhenItIsDescribed() throws {
        let (searched, installed) = try told(.crashes)
        #expect(searched.message.contains("SIGSEGV") && searched.message.contains("describe"))
        #expect(installed.message.contains("SIGSEGV"))
    }

    @Test func pluginThatHangsWhenItIsDescribed() throws {
        let path = try home.put(NamedPlugin.build(wrong: .hangs), "one", as: "libhost-plugin-x.so")
        let listing = try #require(home.search(["\(home.path)/one"], seconds: 1).listings().first)
        #expect(listing.state == .broken && listing.error?.subject == path)
        #expect(
            listing.error?.message.contains("sign of life") == true, "\(String(describing: listing.error))")
    }

    @Test(arguments: ["#!/bin/sh\necho hello\n", "", "\u{7F}EL"])
    func textFile(_ text: String) throws {
        let (searched, installed) = try told(Data(text.utf8))
        #expect(searched.message == "It is no shared library: it does not begin as an ELF file does.")
        #expect(installed.message == searched.message)
    }

    @Test func anotherMachine() throws {
        var bytes = sound
        bytes[18] = Platform.current.contains("x86_64") ? 183 : 62
        let other = Platform.current.contains("x86_64") ? "aarch64" : "x86_64"
        #expect(try told(bytes).searched.message == "It is built for \(other); this is \(Platform.current).")
        bytes[18] = 243
        #expect(
            try told(bytes).installed.message == "It is built for machine 243; this is \(Platform.current).")
        bytes[4] = 1
        #expect(
            try told(bytes).searched.message
                == "It is built for a 32-bit machine; this is \(Platform.current).")
    }

    @Test func programOrObjectFile() throws {
        var bytes = sound
        bytes[16] = 1
        #expect(
            try told(bytes).searched.message == "It is no shared library, but a program or a part of one.")
    }

    /// Cut off behind its headers, a library would end the process that opens it with SIGBUS.
    @Test func fileThatWasCutOff() throws {
        for size in [4, 63, 64, 200, sound.count / 4, sound.count / 2, sound.count - 1] {
            let (searched, _) = try told(sound.prefix(size))
            #expect(
                searched.message.hasPrefix("It is cut off: \(size) bytes are there"), "\(size): \(searched)")
        }
    }

    /// Whatever the headers say, looking at them ends with an answer.
    @Test func headersOfChance() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            var bytes = sound
            var changed: [(Int, UInt8)] = []
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                // Behind the marks that were tested above: places, sizes and counts of the parts.
                let (place, value) = (Int.random(in: 32..<400, using: &generator), UInt8.random(in: 0...255))
                bytes[place] = value
                changed.append((place, value))
            }
            let path = try home.put("/dev/null", "chance", as: "x")
            try bytes.write(to: URL(fileURLWithPath: path))
            let installation = Result {
                try PluginInstallation(
                    InstallSource(path), expected: nil, search: home.search(), http: HTTPSettings())
            }
            switch installation {
            case .success(let one): one.discard()
            case .failure(let error): #expect((error as? HostError)?.status == .invalidData, "\(changed)")
            }
        }
    }
}
