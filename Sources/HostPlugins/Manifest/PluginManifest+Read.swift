// SPDX-License-Identifier: Apache-2.0

internal import HostABI
package import HostRecords

extension PluginManifest {
    private static let runtimes = ["c", "cxx", "rust", "swift", "go", "other"]

    package init(path: String) throws(HostError) {
        try self.init(text: try FileFacts.text(of: path, limit: 1 << 20), path: path)
    }

    /// - Parameter path: where the text came from, for messages and for what is relative to it.
    package init(text: String, path: String) throws(HostError) {
        let document = try TOMLSection(document: text, path: path)
        let form = try document.integer("manifest")
        guard form == Self.newest else {
            let remedy = form > Self.newest ? "Update host." : ""
            var error = document.wrong("manifest", "is \(form); this host knows \(Self.newest)")
            error.remedy = remedy
            throw error
        }
        self.path = FileFacts.absolute(path)
        name = try document.text("name")
        guard PluginName.isValid(name) else {
            throw document.wrong("name", "is not made of lower-case letters, digits and '-'")
        }
        version = try document.text("version")
        abi = try Self.abi(document)
        roles = try Self.roles(document)
        runtime = try document.text("runtime")
        guard Self.runtimes.contains(runtime) else {
            throw document.wrong(
                "runtime", "is '\(runtime)', not one of \(Self.runtimes.joined(separator: ", "))")
        }
        licence = try document.text("licence")
        home = try document.optionalText("home")
        summary = try document.optionalText("summary")
        library = try Self.libraries(document)
        conformance = try Self.conformance(document)
        try document.finish()
    }

    private static func abi(_ document: TOMLSection) throws(HostError) -> ABIVersion {
        let text = try document.text("abi")
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.count == 2 && parts.allSatisfy { $0.allSatisfy { "0"..."9" ~= $0 } }
        guard isPlain, let major = Int(parts[0]), let minor = Int(parts[1]) else {
            throw document.wrong("abi", "is '\(text)'; a version as 0.2 is needed")
        }
        return ABIVersion(major: major, minor: minor)
    }

    private static func roles(_ document: TOMLSection) throws(HostError) -> Roles {
        let known: [String: Roles] = ["exporter": .exporter, "loader": .loader]
        var roles: Roles = []
        for word in try document.texts("roles") {
            guard let role = known[word] else {
                throw document.wrong("roles", "holds '\(word)'; known: exporter, loader")
            }
            guard roles.insert(role).inserted else { throw document.wrong("roles", "holds '\(word)' twice") }
        }
        return roles
    }

    private static func libraries(_ document: TOMLSection) throws(HostError) -> [String: Library] {
        guard let section = try document.section("library") else { return [:] }
        var libraries: [String: Library] = [:]
        for platform in section.keys {
            guard Platform.isName(platform) else {
                throw section.wrong(
                    platform, "is no platform; known: \(Platform.names.joined(separator: ", "))")
            }
            guard let one = try section.section(platform) else { continue }
            let file = try one.text("file")
            guard !file.hasPrefix("/") else {
                throw one.wrong("file", "has to be relative to the manifest")
            }
            let sha256 = try one.optionalText("sha256").map { $0.lowercased() }
            if let sha256, !FileDigest.isDigest(sha256) {
                throw one.wrong("sha256", "is not made of 64 hexadecimal digits")
            }
            try one.finish()
            libraries[platform] = Library(file: file, sha256: sha256)
        }
        return libraries
    }

    private static func conformance(_ document: TOMLSection) throws(HostError) -> Conformance {
        var result = Conformance()
        guard let section = try document.section("conformance") else { return result }
        result.level = try section.optionalInteger("level")
        if let level = result.level, !(0...8).contains(level) {
            throw section.wrong("level", "is \(level); the levels are 0 to 8")
        }
        if let exporter = try section.section("exporter") {
            result.exporter = End(
                endpoint: try exporter.text("endpoint"), options: try options(exporter))
            try exporter.finish()
        }
        if let loader = try section.section("loader") {
            result.loader = End(
                endpoint: try loader.text("endpoint"), options: try options(loader),
                count: try command(loader, "count"))
            try loader.finish()
        }
        if let service = try section.section("service") {
            result.service = try command(service, "command") ?? []
            if result.service.isEmpty { throw service.wrong("command", "is missing") }
            try service.finish()
        }
        for gap in try section.sections("gap") {
            result.gaps.append(Gap(test: try gap.text("test"), reason: try gap.text("reason")))
            try gap.finish()
        }
        try section.finish()
        return result
    }

    private static func options(_ section: TOMLSection) throws(HostError) -> [String: String] {
        guard let options = try section.section("options") else { return [:] }
        var values: [String: String] = [:]
        for name in options.keys { values[name] = try options.optionalText(name) }
        return values
    }

    private static func command(_ section: TOMLSection, _ key: String) throws(HostError) -> [String]? {
        guard let words = try section.optionalTexts(key) else { return nil }
        guard let program = words.first, !program.isEmpty else {
            throw section.wrong(key, "is a list that has to begin with a program")
        }
        return words
    }
}
