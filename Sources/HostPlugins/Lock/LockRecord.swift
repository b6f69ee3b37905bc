// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// One plugin as it was when it was installed.
package struct LockRecord: Sendable, Equatable {
    package var name: String
    package var version: String
    /// `major.minor` of the ABI it was built for.
    package var abi: String
    package var platform: String
    /// In the folder of the lock.
    package var file: String
    package var sha256: String
    /// Bytes.
    package var size: Int64
    package var roles: Roles
    package var summary: String
    /// Time of the installation, RFC 3339 in UTC.
    package var installed: String
    /// The file, folder or URL it came from.
    package var source: String

    /// Whether a file has the bytes that were installed.
    func fits(_ path: String) throws(HostError) -> Bool {
        // A change of the size is seen without reading the file.
        guard try FileFacts(path).size == size else { return false }
        return try FileDigest.sha256(of: path) == sha256
    }
}

extension LockRecord {
    init(_ section: TOMLSection) throws(HostError) {
        name = try section.text("name")
        version = try section.text("version")
        abi = try section.text("abi")
        platform = try section.text("platform")
        file = try section.text("file")
        guard !file.contains("/") else { throw section.wrong("file", "has to be the name of a file") }
        sha256 = try section.text("sha256")
        guard FileDigest.isDigest(sha256) else {
            throw section.wrong("sha256", "is not made of 64 hexadecimal digits")
        }
        size = Int64(try section.integer("size"))
        roles = []
        for word in try section.texts("roles") { roles.formUnion(word == "loader" ? .loader : .exporter) }
        summary = try section.optionalText("summary") ?? ""
        installed = try section.text("installed")
        source = try section.text("source")
        try section.finish()
    }

    var toml: String {
        let texts = [
            ("name", name), ("version", version), ("abi", abi), ("platform", platform), ("file", file),
            ("sha256", sha256), ("summary", summary), ("installed", installed), ("source", source),
        ]
        let roles = roles.labels.map(TOMLText.quoted).joined(separator: ", ")
        return "[[plugin]]\n" + texts.map { "\($0.0) = \(TOMLText.quoted($0.1))\n" }.joined()
            + "size = \(size)\nroles = [\(roles)]\n"
    }
}
