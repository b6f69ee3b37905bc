// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostPlugins
import HostRecords
import Testing

@Suite struct ManifestTests {
    private static let whole = """
        manifest = 1
        name = "csv"
        version = "0.1.0"
        abi = "0.2"
        roles = ["exporter", "loader"]
        runtime = "c"
        licence = "Apache-2.0"

        [library.linux-x86_64]
        file = "libhost-plugin-csv.so"
        sha256 = "\(String(repeating: "A1", count: 32))"

        [library.linux-aarch64]
        file = "arm/libhost-plugin-csv.so"

        [conformance]
        level = 5

        [conformance.exporter]
        endpoint = "csv:{folder}/fixtures"
        options = { colour = "red" }

        [conformance.loader]
        endpoint = "csv:{scratch}"
        count = ["python3", "{folder}/count.py"]

        [conformance.service]
        command = ["python3", "server.py"]

        [[conformance.gap]]
        test = "round-trip"
        reason = "A \\"good\\" one."

        [[conformance.gap]]
        test = "faults"
        reason = "No network."
        """

    private func read(_ text: String) throws -> PluginManifest {
        try PluginManifest(text: text, path: "/somewhere/csv.plugin.toml")
    }

    @Test func everythingIsRead() throws {
        let manifest = try read(Self.whole)
        #expect(manifest.name == "csv" && manifest.version == "0.1.0" && manifest.runtime == "c")
        #expect(manifest.abi == PluginManifest.ABIVersion(major: 0, minor: 2))
        #expect(
            manifest.roles == [.exporter, .loader] && manifest.home == nil && manifest.folder == "/somewhere")
        #expect(manifest.library["linux-x86_64"]?.sha256 == String(repeating: "a1", count: 32))
        #expect(manifest.libraryPath(on: "linux-aarch64") == "/somewhere/arm/libhost-plugin-csv.so")
        #expect(manifest.libraryPath(on: "linux-riscv64") == nil)
        let conformance = manifest.conformance
        #expect(conformance.level == 5 && conformance.service == ["python3", "server.py"])
        #expect(conformance.exporter?.endpoint == "csv:{folder}/fixtures")
        #expect(conformance.exporter?.options == ["colour": "red"])
        #expect(conformance.loader?.count == ["python3", "{folder}/count.py"])
        #expect(
            conformance.gaps == [
                PluginManifest.Gap(test: "round-trip", reason: "A \"good\" one."),
                PluginManifest.Gap(test: "faults", reason: "No network."),
            ])
    }

    @Test(arguments: [
        ("manifest = 1", "manifest = 2", "Line 1: 'manifest' is 2; this host knows 1."),
        ("manifest = 1", "", "'manifest' is missing."),
        ("name = \"csv\"", "name = \"CSV\"", "Line 2: 'name' is not made of"),
        ("name = \"csv\"", "name = 7", "Line 2: 'name' has to be a text in quotes, not a whole number."),
        ("name = \"csv\"", "name = \"csv", "Line 2, column"),
        ("version = \"0.1.0\"", "version = \"\"", "Line 3: 'version' is empty."),
        ("abi = \"0.2\"", "abi = \"2\"", "Line 4: 'abi' is '2'"),
        ("abi = \"0.2\"", "abi = 0.2", "Line 4: 'abi' has to be a text in quotes, not a"),
        ("abi = \"0.2\"", "abi = \"0.-2\"", "Line 4: 'abi' is '0.-2'"),
        ("\"exporter\", \"loader\"", "\"exporter\", \"reader\"", "Line 5: 'roles' holds 'reader'"),
        ("\"exporter\", \"loader\"", "\"loader\", \"loader\"", "Line 5: 'roles' holds 'loader' twice."),
        ("runtime = \"c\"", "runtime = \"java\"", "Line 6: 'runtime' is 'java'"),
        ("licence = ", "license = ", "'licence' is missing."),
        ("[library.linux-aarch64]", "[library.linux-riscv]", "Line 13: 'library.linux-riscv' is no platform"),
        ("file = \"arm/", "file = \"/arm/", "Line 14: 'library.linux-aarch64.file' has to be relative"),
        ("sha256 = \"A1", "sha256 = \"XY", "Line 11: 'library.linux-x86_64.sha256' is not made of"),
        ("level = 5", "level = 9", "Line 17: 'conformance.level' is 9"),
        ("level = 5", "levle = 5", "Line 17: 'conformance.levle' is not known here"),
        (
            "options = { colour = \"red\" }", "options = { colour = 3 }",
            "'conformance.exporter.options.colour' has to be"
        ),
        ("endpoint = \"csv:{scratch}\"", "", "'conformance.loader.endpoint' is missing."),
        (
            "command = [\"python3\", \"server.py\"]", "command = []",
            "'conformance.service.command' is a list that"
        ),
        ("test = \"faults\"", "", "'conformance.gap[1].test' is missing."),
        ("reason = \"No network.\"", "why = \"No network.\"", "'conformance.gap[1].reason' is missing."),
    ])
    func whatIsWrongIsToldWithItsPlace(_ old: String, _ new: String, _ told: String) throws {
        #expect(Self.whole.contains(old))
        let error = try #require(
            hostError { _ = try read(Self.whole.replacing(old, with: new, maxReplacements: 1)) })
        #expect(error.status == .invalidData && error.subject == "/somewhere/csv.plugin.toml")
        #expect(error.message.hasPrefix(told) || error.message.contains(": " + told), "\(error.message)")
    }

    @Test func fileThatIsNoTextIsRefused() throws {
        let home = try HomeForTest()
        let path = "\(home.path)/a.plugin.toml"
        try Data([0x6E, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
        #expect(hostError { _ = try PluginManifest(path: path) }?.message == "The file is not UTF-8.")
        try Data("a = 1\0".utf8).write(to: URL(fileURLWithPath: path))
        #expect(
            hostError { _ = try PluginManifest(path: path) }?.message == "The file holds a NUL character.")
        #expect(hostError { _ = try PluginManifest(path: home.path) }?.status == .invalidData)
        #expect(hostError { _ = try PluginManifest(path: path + ".none") }?.status == .notFound)
    }

    @Test(arguments: ["libhost-plugin-csv.so", "libcsv.so", "csv.so"])
    func itIsFoundBesideTheLibrary(_ file: String) throws {
        let home = try HomeForTest()
        #expect(PluginManifest.beside("\(home.path)/\(file)") == nil)
        try Data().write(to: URL(fileURLWithPath: "\(home.path)/csv.plugin.toml"))
        #expect(PluginManifest.beside("\(home.path)/\(file)") == "\(home.path)/csv.plugin.toml")
        #expect(PluginManifest.beside("\(home.path)/libother.so") == nil)
    }

    @Test func differencesFromTheLibraryAreNamed() throws {
        let description = try PluginLibrary(path: NamedPlugin.build("csv")).description
        let differences = try read(Self.whole).differences(from: description)
        #expect(
            differences == [
                "version: the manifest says '0.1.0', the library '1.0.0'",
                "roles: the manifest says 'exporter, loader', the library 'exporter'",
            ])
        var same = try read(Self.whole)
        same.version = "1.0.0"
        same.roles = .exporter
        #expect(same.differences(from: description).isEmpty)
        same.home = "https://example.com"
        same.licence = "MIT"
        #expect(same.differences(from: description).map { $0.prefix { $0 != ":" } } == ["licence", "home"])
    }

    @Test func majorVersionIsTheHeadersOne() throws {
        let header = try String(
            contentsOfFile: "\(CompiledPlugin.root)/plugin-sdk/include/host/abi.h", encoding: .utf8)
        #expect(header.contains("#define HOST_ABI_MAJOR \(PluginABI.major)\n"))
    }
}
