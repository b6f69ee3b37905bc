// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let sdk = "{{sdk}}"

let package = Package(
    name: "{{name}}-plugin",
    products: [.library(name: "host-plugin-{{name}}", type: .dynamic, targets: ["{{Type}}Plugin"])],
    dependencies: [.package(name: "plugin-sdk", path: sdk)],
    targets: [
        .target(
            name: "{{Type}}Plugin",
            dependencies: [
                .product(name: "HostPluginKit", package: "plugin-sdk"),
                .product(name: "CHost", package: "plugin-sdk"),
            ],
            path: "Sources/Plugin",
            swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")],
            // The linker keeps all symbols private but the one that the host looks for.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--version-script=\(sdk)/exports.map", "-Xlinker", "-s"])])
    ]
)
