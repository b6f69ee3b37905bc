// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostABI
import HostHTTP
import HostPlugins
import HostRecords
import LoopbackServer
import Testing

@Suite struct InstallTests {
    private let home: HomeForTest

    init() throws { home = try HomeForTest() }

    private func source(_ version: String = "1.0.0", manifest: Bool = true, digest: String? = nil) throws
        -> String
    {
        let file = try home.put(NamedPlugin.build("csv", version: version), "from", as: "libcsv.so")
        if manifest {
            let text = """
                manifest = 1
                name = "csv"
                version = "\(version)"
                abi = "0.2"
                roles = ["exporter"]
                runtime = "c"
                licence = "Apache-2.0"
                conformance.level = 3

                [library.\(Platform.current)]
                file = "libcsv.so"
                \(digest.map { "sha256 = \"\($0)\"" } ?? "")
                """
            try text.write(toFile: "\(home.path)/from/csv.plugin.toml", atomically: true, encoding: .utf8)
        }
        return file
    }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: home.plugins).sorted() }
    }

    private func listing() throws -> PluginListing {
        try #require(home.search().listings().first { $0.name == "csv" })
    }

    @Test func installedPluginIsFoundAndItsRecordSaysAll() throws {
        let file = try source()
        let record = try home.install(file)
        #expect(
            record.name == "csv" && record.version == "1.0.0" && record.abi == "0.2" && record.source == file)
        #expect(record.sha256 == (try FileDigest.sha256(of: file)) && record.platform == Platform.current)
        #expect(try files == ["csv.plugin.toml", "host.lock", "libhost-plugin-csv.so"])
        #expect(try LockFile(folder: home.plugins).records == [record])
        let listing = try listing()
        #expect(listing.state == .ok && listing.manifest?.conformance.level == 3)
        #expect(listing.library == nil, "its code is not needed to list it")
        #expect(try home.search().find("csv").version == "1.0.0")
    }

    @Test(arguments: ["from", "from/csv.plugin.toml", "from/libcsv.so"])
    func folderManifestAndLibraryNameTheSamePlugin(_ place: String) throws {
        _ = try source()
        #expect(
            try home.install("\(home.path)/\(place)").sha256
                == FileDigest.sha256(of: "\(home.path)/from/libcsv.so"))
    }

    @Test func folderThatHoldsSeveralOrNoneIsRefused() throws {
        _ = try source(manifest: false)
        _ = try home.put(NamedPlugin.build("tsv"), "from", as: "libtsv.so")
        let several = try #require(hostError { try home.install("\(home.path)/from") })
        #expect(several.message == "The folder holds several: libcsv.so, libtsv.so.")
        try FileManager.default.createDirectory(
            atPath: "\(home.path)/none", withIntermediateDirectories: true)
        #expect(
            hostError { try home.install("\(home.path)/none") }?.message.contains("holds no plugin") == true)
    }

    @Test func manifestElsewhereIsTakenWhenItIsNamed() throws {
        let file = try source()
        let manifest = "\(home.path)/csv.plugin.toml"
        try FileManager.default.moveItem(atPath: "\(home.path)/from/csv.plugin.toml", toPath: manifest)
        #expect(try InstallSource(file).manifest == nil)
        #expect(try InstallSource(file, manifest: manifest).manifest?.name == "csv")
        #expect(hostError { _ = try InstallSource(home.path, manifest: manifest) }?.status == .invalidOption)
        // Its own library is relative to it, and not there.
        let error = try #require(hostError { _ = try InstallSource(manifest) })
        #expect(
            error.status == .notFound && error.message == "Its library \(home.path)/libcsv.so is not there.")
    }

    @Test func newVersionTakesThePlaceOfTheOld() throws {
        try home.install(try source())
        let old = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: "\(home.plugins)/libhost-plugin-csv.so"))
        let before = try old.read(upToCount: 1 << 20)
        let search = home.search()
        let installation = try PluginInstallation(
            InstallSource(source("1.1.0")), expected: nil, search: search, http: HTTPSettings())
        defer { installation.discard() }
        #expect(try installation.replaced()?.version == "1.0.0")
        _ = try installation.examine()
        _ = try installation.finish(at: "later")
        #expect(try LockFile(folder: home.plugins).records.map(\.version) == ["1.1.0"])
        #expect(try listing().state == .ok)
        try old.seek(toOffset: 0)
        #expect(try old.read(upToCount: 1 << 20) == before, "who has the old file open keeps it")
    }

    @Test func versionWithoutManifestTakesTheOldManifestAway() throws {
        try home.install(try source())
        try FileManager.default.removeItem(atPath: "\(home.path)/from/csv.plugin.toml")
        try home.install(try source("1.1.0", manifest: false))
        #expect(try files == ["host.lock", "libhost-plugin-csv.so"])
    }

    @Test func manifestThatSaysOtherwiseStopsIt() throws {
        let file = try source()
        _ = try home.put(NamedPlugin.build("csv", version: "6.6.6"), "from", as: "libcsv.so")
        let error = try #require(hostError { try home.install(file) })
        #expect(error.message.contains("version: the manifest says '1.0.0', the library '6.6.6'"))
        #expect(try files.isEmpty)
    }

    @Test func digestsThatDifferStopIt() throws {
        let file = try source()
        let digest = try FileDigest.sha256(of: file)
        let zeros = String(repeating: "0", count: 64)
        #expect(
            hostError { try home.install(file, sha256: zeros) }?.message.contains("--sha256 says \(zeros)")
                == true)
        #expect(hostError { try home.install(file, sha256: "abc") }?.status == .invalidOption)
        _ = try source(digest: zeros)
        #expect(hostError { try home.install(file) }?.message.contains("its manifest says \(zeros)") == true)
        _ = try source(digest: digest)
        #expect(try home.install(file, sha256: digest.uppercased()).sha256 == digest)
    }

    @Test func fileThatChangedIsRefusedUntilItIsLockedAgain() throws {
        try home.install(try source())
        let installed = "\(home.plugins)/libhost-plugin-csv.so"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: installed))
        bytes.append(0)
        try bytes.write(to: URL(fileURLWithPath: installed))
        #expect(try listing().state == .changed)
        let error = try #require(hostError { _ = try home.search().find("csv") })
        #expect(error.status == .forbidden && error.remedy.contains("--relock csv"))

        let record = try home.install(InstalledPlugins(home.search()).library(named: "csv"))
        #expect(record.source == "\(home.path)/from/libcsv.so", "it still came from there")
        #expect(try listing().state == .ok && home.search().find("csv").path == installed)
    }

    @Test func changeThatKeepsTheSizeIsSeen() throws {
        try home.install(try source())
        let installed = "\(home.plugins)/libhost-plugin-csv.so"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: installed))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: installed))
        #expect(try listing().state == .changed)
    }

    @Test func fileThatWasPutThereByHandIsRefusedUntilItIsInstalled() throws {
        let file = try home.put(NamedPlugin.build("csv"), ".local/share/host/plugins", as: "mine.so")
        let listing = try #require(home.search().listings().first)
        #expect(
            listing.state == .unlocked
                && listing.error?.remedy.contains("host plugin install \(file)") == true)
        #expect(hostError { _ = try home.search().find("csv") }?.status == .invalidOption)
        try home.install(file)
        #expect(try files == ["host.lock", "libhost-plugin-csv.so"])
        #expect(try self.listing().state == .ok)
    }

    @Test func removedPluginLeavesNothing() throws {
        try home.install(try source())
        let installed = try InstalledPlugins(home.search())
        #expect(try installed.remove(named: "csv")?.version == "1.0.0")
        #expect(try files == ["host.lock"])
        #expect(try LockFile(folder: home.plugins).records.isEmpty)
        let error = try #require(hostError { _ = try installed.remove(named: "csv") })
        #expect(error.status == .invalidOption && error.message == "There is no installed plugin 'csv'.")
        #expect(hostError { _ = try installed.remove(named: "../csv") }?.status == .invalidOption)
    }

    @Test func removingTellsWhereAPluginLiesThatWasNotInstalled() throws {
        let path = try home.put(NamedPlugin.build("csv"), "one", as: "libhost-plugin-csv.so")
        let installed = try InstalledPlugins(home.search(["\(home.path)/one"]))
        #expect(
            hostError { _ = try installed.remove(named: "csv") }?.message.hasSuffix("it lies in \(path).")
                == true)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func lockThatIsDamagedOrOpenToOthersKeepsEverythingShut() throws {
        try home.install(try source())
        let lock = "\(home.plugins)/host.lock"
        try setMode(0o646, lock)
        #expect(try listing().error?.message.contains("other users can change it") == true)
        try setMode(0o644, lock)
        let text = try String(contentsOfFile: lock, encoding: .utf8)
        try text.replacing("size = ", with: "sizes = ").write(toFile: lock, atomically: true, encoding: .utf8)
        let error = try #require(listing().error)
        #expect(error.subject == lock && error.message.contains("'plugin[0].size' is missing"))
        try "lock = 2\n".write(toFile: lock, atomically: true, encoding: .utf8)
        #expect(try listing().error?.message.contains("'lock' is 2") == true)
    }

    @Test func textsOfTheLockSurviveAnyCharacter() throws {
        var record = try home.install(try source())
        record.version = "1 \"x\" \\ \u{7}\n\t"
        record.summary = "é 名 🙂"
        record.source = "/a b/'c'\u{7F}"
        record.roles = [.loader]
        var lock = try LockFile(folder: home.plugins)
        lock.set(record)
        try lock.save()
        #expect(try LockFile(folder: home.plugins).records == [record])
    }

    @Test func pluginFromTheNetworkNeedsItsDigest() throws {
        #expect(
            hostError { try home.install("https://example.org/x.so") }?.remedy.contains("--sha256") == true)
    }

    @Test func pluginComesFromTheNetworkWhenItsDigestFits() throws {
        let file = try source()
        let digest = try FileDigest.sha256(of: file)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let server = try LoopbackServer {
            $0.target == "/x.so" ? .answer(200, body: bytes) : .text(404, "no")
        }
        defer { server.stop() }
        #expect(hostError { try home.install("\(server.url)/y.so", sha256: digest) }?.status == .notFound)
        let zeros = String(repeating: "0", count: 64)
        #expect(hostError { try home.install("\(server.url)/x.so", sha256: zeros) }?.status == .invalidData)
        #expect(try files.isEmpty)
        let record = try home.install("\(server.url)/x.so", sha256: digest)
        #expect(record.sha256 == digest && record.source == "\(server.url)/x.so")
        #expect(try listing().state == .ok)
    }

    @Test func conflictsAreTold() throws {
        let path = try home.put(NamedPlugin.build("csv"), "one", as: "libhost-plugin-csv.so")
        let own = try home.put(NamedPlugin.build("csv"), "bin", as: "libhost-plugin-csv.so")
        try home.install(try source())
        #expect(
            try InstalledPlugins(home.search(["\(home.path)/one"])).conflicts(of: "csv") == [
                "\(path) comes first: HOST_PLUGIN_PATH names its folder.", "It is used instead of \(own).",
            ])
    }
}
