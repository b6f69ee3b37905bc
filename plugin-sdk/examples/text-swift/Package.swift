// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
// A package of its own, as any plugin's: it depends on the SDK by its path and on nothing of the host.

import PackageDescription

let package = Package(
    name: "text-plugin",
    products: [.library(name: "host-plugin-text", type: .dynamic, targets: ["TextPlugin"])],
    dependencies: [.package(name: "plugin-sdk", path: "../..")],
    targets: [
        .target(
            name: "TextPlugin",
            dependencies: [
                .product(name: "HostPluginKit", package: "plugin-sdk"),
                .product(name: "CHost", package: "plugin-sdk"),
            ],
            swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")],
            // The linker keeps all but the one symbol private. SwiftPM allows such flags in a root package.
            linkerSettings: [
                .unsafeFlags([
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/../../exports.map",
                    "-Xlinker", "-s",
                ])
            ])
    ]
)
