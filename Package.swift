// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let records: Target.Dependency = .product(name: "HostRecords", package: "plugin-sdk")
let headers: Target.Dependency = .product(name: "CHost", package: "plugin-sdk")
let kit: [Target.Dependency] = [.product(name: "HostPluginKit", package: "plugin-sdk"), records, headers]

/// The plugins of this package: a folder of `Plugins/` and a word here each.
let plugins = ["comet", "mlflow", "neptune3", "null", "parquet"]

/// What a plugin needs besides the kit: targets in folders of its own.
let ownTargets: [String: [Target]] = [
    "comet": [.systemLibrary(name: "CZlib", path: "Plugins/comet/CZlib", pkgConfig: "zlib")],
    "parquet": [
        .systemLibrary(name: "CBlake2", path: "Plugins/parquet/CBlake2", pkgConfig: "libb2"),
        .systemLibrary(name: "CArrow", path: "Plugins/parquet/CArrow", pkgConfig: "parquet"),
        .target(
            name: "CArchive", dependencies: ["CArrow"], path: "Plugins/parquet/CArchive",
            cxxSettings: [.headerSearchPath("../../../plugin-sdk/include")]),
    ]
]

/// `Plugins/NAME` becomes `libhost-plugin-NAME.so`, which exports one symbol. (SwiftPM calls its own build tools
/// plugins too; the explicit paths keep the two apart.)
@MainActor func pluginTargets(_ name: String) -> [Target] {
    let own = ownTargets[name] ?? []
    let folder = "Plugins/\(name)"
    let noSources = ["README.md", "\(name).plugin.toml", "conformance"].filter {
        FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(folder)/\($0)")
    }
    return own + [
        .target(
            name: "plugin-\(name)", dependencies: kit + own.map { .target(name: $0.name) }, path: folder,
            exclude: noSources + own.map(\.name), swiftSettings: strict,
            linkerSettings: [
                .unsafeFlags([
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/plugin-sdk/exports.map",
                    // Installed, the libraries that plugins share lie one folder above them.
                    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/..",
                ])
            ])
    ]
}

/// Tests see what is `package`; helpers that several of them need are targets below `Tests/Support`.
let tests: [Target] = [
    .target(
        name: "LoopbackServer", dependencies: [], path: "Tests/Support/LoopbackServer", swiftSettings: strict),
    .target(
        name: "CompiledPlugin", dependencies: [], path: "Tests/Support/CompiledPlugin", swiftSettings: strict),
    .testTarget(
        name: "HostHTTPTests", dependencies: ["HostHTTP", "LoopbackServer", records], swiftSettings: strict),
    .testTarget(
        name: "HostABITests", dependencies: ["HostABI", "HostHTTP", "CompiledPlugin", records],
        exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
        name: "HostCoreTests",
        dependencies: [
            "HostCore", "HostABI", "CompiledPlugin", records, .product(name: "GRDB", package: "GRDB.swift"),
        ], swiftSettings: strict),
    .testTarget(
        name: "HostPluginsTests",
        dependencies: ["HostPlugins", "HostABI", "HostHTTP", "LoopbackServer", "CompiledPlugin", records],
        exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
        name: "HostConformanceTests", dependencies: ["HostConformance", "HostABI", "CompiledPlugin", records],
        swiftSettings: strict),
    .testTarget(name: "HostCLITests", dependencies: ["HostCLI", records], swiftSettings: strict),
]

let package = Package(
    name: "host",
    products: [.executable(name: "host", targets: ["host"])]
        + plugins.map { .library(name: "host-plugin-\($0)", type: .dynamic, targets: ["plugin-\($0)"]) },
    dependencies: [
        .package(path: "plugin-sdk"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "host", dependencies: ["HostCLI"], swiftSettings: strict,
            // Installed, the Swift runtime lies there.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib/host"])]),
        .target(
            name: "HostCLI",
            dependencies: [
                "HostCore", "HostABI", "HostHTTP", "HostPlugins", "HostConformance", records,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .target(
            name: "HostCore",
            dependencies: [
                "HostABI", "HostHTTP", "HostPlugins", records, .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .target(
            name: "HostConformance",
            dependencies: ["HostCore", "HostABI", "HostHTTP", "HostPlugins", records], swiftSettings: strict),
        .target(
            name: "HostPlugins",
            dependencies: ["HostABI", "HostHTTP", records, .product(name: "TOMLKit", package: "TOMLKit")],
            swiftSettings: strict),
        .target(
            name: "HostABI", dependencies: ["CFFI", "HostHTTP", records, headers], swiftSettings: strict),
        .target(name: "HostHTTP", dependencies: ["CCurl", "CCrypto", records], swiftSettings: strict),
        .systemLibrary(name: "CFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    ] + plugins.flatMap(pluginTargets) + tests,
    cxxLanguageStandard: .cxx20
)
