// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostCore
import HostRecords
import Testing

@Suite struct EndpointOptionTests {
    private let library: PluginLibrary

    init() throws {
        library = try PluginLibrary(path: CompiledPlugin.build("Tests/HostABITests/Fixtures/options.c"))
    }

    private func resolve(
        _ endpoint: String = "options:http://h", role: Roles = .exporter, flags: [String] = [],
        _ environment: [String: String] = [:]
    ) throws -> ResolvedOptions {
        try OptionResolver(library, role: role, environment: environment).resolve(
            Endpoint(parsing: endpoint), flags: flags)
    }

    private func value(_ name: String, _ options: ResolvedOptions) -> OptionValue? {
        library.options.firstIndex { $0.name == name }.flatMap { options.values.values[$0] }
    }

    private func parsed(_ name: String, _ text: String) throws -> OptionValue? {
        value(name, try resolve(flags: ["\(name)=\(text)"]))
    }

    @Test func eachPlaceWinsOverTheOnesBehindIt() throws {
        var environment = ["HOST_FROM_WORKERS": "3", "TRACKER_WORKERS": "2", "HOST_TO_WORKERS": "9"]
        var options = try resolve("options:http://h?workers=6", flags: ["workers=7"], environment)
        #expect(value("workers", options) == .integer(7) && origin("workers", options) == "flag")
        options = try resolve("options:http://h?workers=6", environment)
        #expect(value("workers", options) == .integer(6) && origin("workers", options) == "endpoint")
        options = try resolve(environment)
        #expect(value("workers", options) == .integer(3) && origin("workers", options) == "HOST_FROM_WORKERS")
        options = try resolve(role: .loader, environment)
        #expect(value("workers", options) == .integer(9) && origin("workers", options) == "HOST_TO_WORKERS")
        environment["HOST_FROM_WORKERS"] = ""
        options = try resolve(environment)
        #expect(value("workers", options) == .integer(2) && origin("workers", options) == "TRACKER_WORKERS")
        options = try resolve()
        #expect(value("workers", options) == .integer(4) && origin("workers", options) == "default")
        #expect(value("ratio", options) == nil && origin("ratio", options) == nil)
    }

    private func resolve(_ environment: [String: String]) throws -> ResolvedOptions {
        try resolve("options:http://h", environment)
    }

    private func resolve(role: Roles, _ environment: [String: String]) throws -> ResolvedOptions {
        try resolve("options:http://h", role: role, flags: [], environment)
    }

    private func origin(_ name: String, _ options: ResolvedOptions) -> String? {
        options.origins.first { $0.name == name }?.origin
    }

    @Test func variableOfAnOptionWithADashHasAnUnderscore() throws {
        #expect(value("part-size", try resolve(["HOST_FROM_PART_SIZE": "2KiB"])) == .integer(2048))
    }

    @Test func firstOfSeveralVariablesWins() throws {
        #expect(value("token", try resolve(["OLD_TOKEN": "old"])) == .text("old"))
        #expect(value("token", try resolve(["OLD_TOKEN": "old", "TRACKER_TOKEN": "new"])) == .text("new"))
    }

    @Test func locationComesFromTheEndpointOrAVariable() throws {
        #expect(try resolve("options+https://h/").location == "https://h")
        let options = try resolve("options", ["TRACKER_URL": "http://from.variable"])
        #expect(options.location == "http://from.variable" && options.values.scope == "http://from.variable")
        #expect(options.identity["url"] == nil, "the location is part of the identity by itself")
        let error = hostError { _ = try resolve("options") }
        #expect(error?.status == .invalidOption && error?.subject == "url")
        #expect(error?.remedy == "Write options:…, or set TRACKER_URL.")
    }

    @Test func unknownOptionsAreRefusedWithAGuess() throws {
        let near = hostError { _ = try resolve(flags: ["worker=1"]) }
        #expect(
            near?.status == .invalidOption && near?.message.contains("'workers'") == true
                && near?.subject == "worker")
        let far = hostError { _ = try resolve("options:http://h?completely-else=1") }
        #expect(far?.message.contains("Did you mean") == false)
        #expect(hostError { _ = try resolve(flags: ["workers"]) }?.status == .invalidOption)
    }

    @Test func optionOfTheOtherRoleIsUnknown() throws {
        #expect(value("read-only", try resolve(flags: ["read-only=true"])) == .integer(1))
        #expect(
            hostError { _ = try resolve(role: .loader, flags: ["read-only=true"]) }?.status == .invalidOption)
    }

    @Test func secretsAreNeitherInIdentityNorInOrigins() throws {
        for (options, isExposed) in [
            (try resolve(flags: ["token=hunter22"]), true),
            (try resolve("options:http://h?token=hunter22"), true),
            (try resolve(["TRACKER_TOKEN": "hunter22"]), false),
        ] {
            #expect(options.secrets == ["hunter22"] && value("token", options) == .text("hunter22"))
            #expect(options.exposedSecrets == (isExposed ? ["token"] : []))
            #expect(!"\(options.identity)\(options.origins)".contains("hunter22"))
            #expect(options.origins.first { $0.name == "token" }?.value == "***")
        }
        let inURL = try resolve("options:http://me:hunter22@h/x")
        #expect(!"\(inURL.identity)\(inURL.origins)".contains("hunter22"))
    }

    @Test func identityHoldsWhatMakesTheJob() throws {
        let options = try resolve(flags: ["verify=no", "files-path=/a/../b", "workers=9"])
        #expect(options.identity == ["verify": "false", "files-path": "/b"])
    }

    @Test(
        arguments: [
            ("workers", "-5", .integer(-5)), ("ratio", "0.25", .number(0.25)),
            ("ratio", "1e3", .number(1000)),
            ("verify", "TRUE", .integer(1)), ("verify", "on", .integer(1)), ("verify", "0", .integer(0)),
            ("timeout", "500ms", .integer(500)), ("timeout", "30s", .integer(30_000)),
            ("timeout", "5m", .integer(300_000)),
            ("timeout", "1.5h", .integer(5_400_000)), ("timeout", "2d", .integer(172_800_000)),
            ("timeout", "7", .integer(7_000)), ("part-size", "64KiB", .integer(65_536)),
            ("part-size", "1.5 MiB", .integer(1_572_864)), ("part-size", "1GB", .integer(1_000_000_000)),
            ("part-size", "10B", .integer(10)), ("part-size", "10", .integer(10)),
            ("mode", "safe", .text("safe")),
            ("url", "https://h//", .text("https://h")), ("files-path", "/x/./y/", .text("/x/y")),
        ] as [(String, String, OptionValue)])
    func goodValues(name: String, text: String, expected: OptionValue) throws {
        #expect(try parsed(name, text) == expected)
    }

    @Test(
        arguments: [
            ("workers", "1.5"), ("workers", ""), ("workers", "99999999999999999999"), ("ratio", "many"),
            ("ratio", "nan"),
            ("ratio", "inf"), ("verify", "perhaps"), ("timeout", "soon"), ("timeout", "-1s"),
            ("timeout", "nan"),
            ("timeout", "1e30d"), ("timeout", "999999999999999d"), ("timeout", "s"),
            ("part-size", "9999999999999GiB"),
            ("part-size", "inf"), ("part-size", "1XB"), ("mode", "Fast"), ("mode", ""), ("url", "no-scheme"),
            ("url", ""),
        ])
    func badValues(name: String, text: String) {
        let error = hostError { _ = try resolve(flags: ["\(name)=\(text)"]) }
        #expect(error?.status == .invalidOption && error?.subject == name)
    }

    @Test func relativePathsBecomeAbsolute() throws {
        let folder = FileManager.default.currentDirectoryPath
        #expect(
            try parsed("files-path", "exports") == .text(folder == "/" ? "/exports" : folder + "/exports"))
        let home = FileManager.default.homeDirectoryForCurrentUser.standardizedFileURL.path
        #expect(try parsed("files-path", "~/x") == .text(home + "/x"))
    }
}
