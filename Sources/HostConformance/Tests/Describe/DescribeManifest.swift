// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

struct DescribeManifest: ConformanceTest {
    let name = "describe-manifest"
    let level = Level.describe
    let summary = "the manifest says what the descriptor says"

    func reasonToSkip(_ subject: Subject) -> String? {
        subject.setup.claims == nil ? "there is no manifest" : nil
    }

    func run(_ bench: Bench) throws {
        guard let claims = bench.testCase.setup.claims else { return }
        let plugin = try RawPlugin(path: bench.testCase.library)
        let own = plugin.descriptor
        let pairs = [
            ("name", claims.name, own.name.string), ("version", claims.version, own.version.string),
            ("runtime", claims.runtime, own.runtime.string), ("licence", claims.licence, own.licence.string),
            (
                "roles", claims.roles.sorted().joined(separator: ", "),
                Roles(rawValue: own.roles).labels.sorted().joined(separator: ", ")
            ),
        ]
        for (what, said, own) in pairs {
            bench.expect(
                said == own, "R-DESCRIBE-10",
                expected: "the manifest's \(what) is the descriptor's, '\(own)'",
                happened: "'\(said)'")
        }
        let abi = claims.abi.split(separator: ".").compactMap { UInt32($0) }
        bench.expect(
            abi.count == 2 && abi[0] == UInt32(HOST_ABI_MAJOR) && abi[1] <= plugin.table.abi_minor,
            "R-DESCRIBE-10",
            expected: "abi is not newer than 0.\(plugin.table.abi_minor)", happened: "'\(claims.abi)'")
    }
}
