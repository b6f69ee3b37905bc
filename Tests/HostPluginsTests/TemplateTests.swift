// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostPlugins
import HostRecords
import Testing

@Suite struct TemplateTests {
    private let home: HomeForTest
    private let sdk: String

    /// An SDK of two small templates.
    init() throws {
        home = try HomeForTest()
        sdk = "\(home.path)/share/host/plugin-sdk"
        for (path, text) in [
            "include/host/host.h": "header", "include/host/kit/a.h": "kit", "include/module.modulemap": "map",
            "templates/c/{{name}}.plugin.toml": "{{name}} {{identifier}} {{Type}} {{other}}",
            "templates/c/src/{{identifier}}.c": "{{name}}{{name}}", "templates/c/run.sh": "#!/bin/sh",
            "templates/c/old.so": "left by a build", "templates/c/build/x": "left by a build",
            "templates/swift/Package.swift": "\"{{sdk}}\"", "templates/swift/{{Type}}.swift": "",
        ] {
            let url = URL(fileURLWithPath: "\(sdk)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        try setMode(0o755, "\(sdk)/templates/c/run.sh")
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(home.path)/\(path)", encoding: .utf8)
    }

    @Test func templateOfCIsFilledAndBringsTheHeaders() throws {
        let template = try PluginTemplate(name: "my-own-1", language: .c, sdk: sdk)
        let files = try template.write(to: "\(home.path)/new")
        #expect(
            files == [
                "include/host/host.h", "include/host/kit/a.h", "my-own-1.plugin.toml", "run.sh",
                "src/my_own_1.c",
            ])
        #expect(try text("new/my-own-1.plugin.toml") == "my-own-1 my_own_1 MyOwn1 {{other}}")
        #expect(try text("new/src/my_own_1.c") == "my-own-1my-own-1")
        #expect(FileManager.default.isExecutableFile(atPath: "\(home.path)/new/run.sh"))
        #expect(!FileManager.default.isExecutableFile(atPath: "\(home.path)/new/my-own-1.plugin.toml"))
    }

    @Test func templateOfSwiftNamesTheSDK() throws {
        let files = try PluginTemplate(name: "mine", language: .swift, sdk: sdk).write(to: "\(home.path)/new")
        #expect(files == ["Mine.swift", "Package.swift"])
        #expect(try text("new/Package.swift") == "\"\(sdk)\"")
    }

    @Test func nothingIsOverwritten() throws {
        _ = try home.put("/dev/null", "new", as: "kept")
        let template = try PluginTemplate(name: "mine", language: .c, sdk: sdk)
        #expect(hostError { _ = try template.write(to: "\(home.path)/new") }?.status == .invalidOption)
        #expect(hostError { _ = try template.write(to: "\(home.path)/new/kept") }?.status == .invalidOption)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/new") == ["kept"])
    }

    @Test(arguments: ["", "Mine", "1mine", "-mine", "mine-", "my--own", "../mine", "my/own", "a b", "é"])
    func nameThatIsNoneIsRefused(_ name: String) {
        let error = hostError { _ = try PluginTemplate(name: name, language: .c, sdk: sdk) }
        #expect(error?.status == .invalidOption && error?.subject == name)
    }

    @Test func sdkIsFoundWhereItIsPromised() throws {
        let binary = "\(home.path)/bin/host"
        #expect(try SDKFolder.find([:], binary: binary) == sdk)
        let error = hostError { _ = try SDKFolder.find(["HOST_SDK": home.path], binary: binary) }
        #expect(error?.status == .invalidOption && error?.subject == "HOST_SDK=\(home.path)")
        #expect(try SDKFolder.find(["HOST_SDK": sdk + "/"], binary: "/nowhere/bin/host") == sdk)
        // Of the source tree that the binary was built in.
        let tree = "\(CompiledPlugin.root)/.build/release/host"
        #expect(try SDKFolder.find([:], binary: tree) == "\(CompiledPlugin.root)/plugin-sdk")
        #expect(
            hostError { _ = try SDKFolder.find([:], binary: "/nowhere/bin/host") }?.remedy.contains(
                "HOST_SDK") == true)
    }
}
