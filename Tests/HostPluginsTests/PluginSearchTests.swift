// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostPlugins
import HostRecords
import Testing

@Suite struct PluginSearchTests {
    private let home: HomeForTest

    init() throws { home = try HomeForTest() }

    @Test func foldersAreSearchedInTheOrderThatIsPromised() {
        let search = PluginSearch(
            environment: ["HOME": "/home/me", "HOST_PLUGIN_PATH": "/one:relative:/two"],
            binary: "/opt/host/bin/host")
        #expect(
            search.searchedFolders == [
                "/one", "/two", "/home/me/.local/share/host/plugins", "/opt/host/bin",
                "/opt/host/lib/host/plugins",
                "/usr/local/lib/host/plugins", "/usr/lib/host/plugins",
            ])
        #expect(search.ignoredFolders == ["relative"])
        let installed = PluginSearch(
            environment: ["HOME": "/home/me", "XDG_DATA_HOME": "/data"], binary: "/usr/local/bin/host")
        #expect(
            installed.searchedFolders == [
                "/data/host/plugins", "/usr/local/bin", "/usr/local/lib/host/plugins",
                "/usr/lib/host/plugins",
            ])
        #expect(installed.folders.map(\.place) == [.user, .own, .own, .system])
    }

    @Test func firstOfANameCountsAndTheOtherIsToldOf() throws {
        let first = try home.put(NamedPlugin.build("csv"), "one", as: "z.so")
        let second = try home.put(NamedPlugin.build("csv", version: "2.0.0"), "two", as: "a.so")
        let search = home.search(["\(home.path)/one", "\(home.path)/two"])
        #expect(try search.find("csv").path == first)
        let listings = search.listings()
        #expect(listings.map(\.state) == [.ok, .shadowed(by: first)])
        #expect(listings.map { $0.facts?.version } == ["1.0.0", "2.0.0"])
        let (libraries, problems) = search.all()
        #expect(libraries.map(\.path) == [first] && problems.map(\.path) == [second])
        #expect(problems.first?.error.status == .conflict)
    }

    @Test func whatCountsIsTheNameInTheDescriptor() throws {
        let path = try home.put(NamedPlugin.build("csv"), "one", as: "libhost-plugin-tsv.so")
        let search = home.search(["\(home.path)/one"])
        #expect(try search.find("csv").path == path)
        let error = try #require(hostError { _ = try search.find("tsv") })
        #expect(error.status == .invalidOption && error.message == "There is no plugin 'tsv'. Found: csv.")
    }

    @Test func brokenOneHoldsItsNameSoThatNoOtherTakesItsPlaceInSilence() throws {
        let broken = try home.put(NamedPlugin.build(wrong: .noSymbol), "one", as: "libhost-plugin-csv.so")
        _ = try home.put(NamedPlugin.build("csv"), "two", as: "libhost-plugin-csv.so")
        let search = home.search(["\(home.path)/one", "\(home.path)/two"])
        #expect(hostError { _ = try search.find("csv") }?.subject == broken)
        #expect(search.listings().map(\.state) == [.broken, .shadowed(by: broken)])
    }

    @Test func workingFolderIsNotSearched() throws {
        _ = try home.put(NamedPlugin.build("csv"), "here", as: "libhost-plugin-csv.so")
        let folder = FileManager.default.currentDirectoryPath
        #expect(!home.search(["."]).searchedFolders.contains { $0 == folder || $0 == "." })
        #expect(home.search(["here"]).listings().isEmpty)
    }

    @Test func besideTheBinaryOnlyTheProjectsOwnNamesCount() throws {
        let own = try home.put(NamedPlugin.build("csv"), "bin", as: "libhost-plugin-csv.so")
        _ = try home.put(NamedPlugin.build("other"), "bin", as: "libother.so")
        let listings = home.search().listings()
        #expect(listings.map(\.candidate.path) == [own] && listings.first?.state == .ok)
        #expect(listings.first?.library?.isIsolated == false)
    }

    @Test func ownPluginsRunHereAndOthersDoNot() throws {
        let own = try home.put(NamedPlugin.build("csv"), "lib/host/plugins", as: "csv.so")
        let search = home.search()
        #expect(!search.isIsolated(own) && search.isIsolated("\(home.path)/lib/csv.so"))
        #expect(home.search(isolation: .all).isIsolated(own))
        #expect(!home.search(isolation: .none).isIsolated("\(home.path)/lib/csv.so"))
    }

    @Test func fileThatOthersCanChangeIsListedAsRefusedAndNotOpened() throws {
        let path = try home.put(NamedPlugin.build(wrong: .crashes), "one", as: "libhost-plugin-csv.so")
        try setMode(0o757, path)
        let listing = try #require(home.search(["\(home.path)/one"]).listings().first)
        #expect(listing.state == .refused && listing.error?.status == .forbidden)
    }
}
