// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostPlugins
import HostRecords
import Testing

@Suite struct PluginTrustTests {
    private let home: HomeForTest
    private let file: String
    private let trust: PluginTrust

    init() throws {
        home = try HomeForTest()
        file = try home.put(NamedPlugin.build(), "a/b", as: "x.so")
        trust = PluginTrust(binary: "\(home.path)/bin/host")
    }

    private func refusal(_ path: String) throws -> HostError {
        try #require(hostError { _ = try trust.check(path) })
    }

    @Test func soundFileIsTakenByItsResolvedPath() throws {
        #expect(try trust.check(file) == file)
        #expect(try trust.check("\(home.path)/a/../a/b/x.so") == file)
    }

    @Test func fileThatOthersCanChangeIsRefused() throws {
        try setMode(0o646, file)
        let error = try refusal(file)
        #expect(error.status == .forbidden && error.subject == file && error.remedy == "chmod o-w \(file)")
        #expect(error.message == "The plugin is refused: every user of this machine can change it.")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files to a group it is not in"))
    func fileThatAGroupCanChangeIsRefused() throws {
        #expect(chown(file, 0, 12_345) == 0)
        #expect(try trust.check(file) == file)
        try setMode(0o664, file)
        #expect(try refusal(file).remedy == "chmod g-w \(file)")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func fileOfAnotherUserIsRefused() throws {
        #expect(chown(file, 12_345, 0) == 0)
        #expect(try refusal(file).message.contains("belongs to another user (uid 12345)"))
    }

    @Test func folderInWhichOthersCanExchangeFilesIsRefused() throws {
        try setMode(0o777, "\(home.path)/a")
        let error = try refusal(file)
        #expect(error.status == .forbidden && error.remedy == "chmod o-w \(home.path)/a")
        // In a sticky folder only the owner of a file can rename it.
        try setMode(0o1777, "\(home.path)/a")
        #expect(try trust.check(file) == file)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give folders away"))
    func folderOfAnotherUserIsRefused() throws {
        #expect(chown("\(home.path)/a", 12_345, 0) == 0)
        #expect(try refusal(file).message.contains("its folder \(home.path)/a belongs to another user"))
        // Who owns the folder of host itself could exchange host.
        #expect(try PluginTrust(binary: "\(home.path)/a/host").check(file) == file)
    }

    @Test func linkIsAsGoodAsWhatItLeadsToAndWhereItLies() throws {
        let link = "\(home.path)/link.so"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        #expect(try trust.check(link) == file)
        try setMode(0o646, file)
        #expect(try refusal(link).subject == link)
        try setMode(0o644, file)
        try setMode(0o777, home.path)
        #expect(try refusal(link).remedy == "chmod o-w \(home.path)")
        try setMode(0o755, home.path)
        try FileManager.default.removeItem(atPath: file)
        #expect(try refusal(link).status == .notFound)
    }

    @Test func onlyRegularFilesAreTaken() throws {
        #expect(try refusal("\(home.path)/a").message == "A plugin has to be a regular file.")
        #expect(mkfifo("\(home.path)/pipe.so", 0o600) == 0)
        #expect(try refusal("\(home.path)/pipe.so").status == .invalidData)
        #expect(try refusal("\(home.path)/none.so").status == .notFound)
    }
}
