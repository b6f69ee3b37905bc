// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
// The SDK is a package of its own: headers, the Swift kit, and nothing of the host.

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "plugin-sdk",
    products: [
        .library(name: "CHost", targets: ["CHost"]),
        .library(name: "HostRecords", targets: ["HostRecords"]),
        .library(name: "HostPluginKit", targets: ["HostPluginKit"]),
    ],
    targets: [
        // A systemLibrary would not hand its headers to C targets; so the headers are a C target whose one
        // source file asserts their layout.
        .target(
            name: "CHost", path: ".", exclude: [
                "swift", "Tests", "examples", "templates", "reference", "exports.map", "README.md", "RULES.md",
                "STABILITY.md",
            ],
            sources: ["c/layout.c"], publicHeadersPath: "include"),
        .target(name: "HostRecords", dependencies: ["CHost"], path: "swift/HostRecords", swiftSettings: strict),
        .target(
            name: "HostPluginKit", dependencies: ["CHost", "HostRecords"], path: "swift/HostPluginKit",
            swiftSettings: strict),
        .testTarget(name: "HostPluginKitTests", dependencies: ["HostPluginKit"], swiftSettings: strict),
        .testTarget(name: "HostRecordsTests", dependencies: ["HostRecords", "CHost"], swiftSettings: strict),
    ],
    cLanguageStandard: .c11
)
