// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// The folder `plugin-sdk`: headers, kits, templates.
package enum SDKFolder {
    package static let variable = "HOST_SDK"

    /// `HOST_SDK`, the installed one, or the one of the source tree that this binary was built in.
    package static func find(
        _ environment: [String: String] = ProcessInfo.processInfo.environment,
        binary: String = HostBinary.path
    ) throws(HostError) -> String {
        if let path = environment[variable], !path.isEmpty {
            guard isSDK(path) else {
                throw HostError(
                    .invalidOption, "It is not the folder of the SDK: include/host/host.h is not in it.",
                    subject: "\(variable)=\(path)")
            }
            return FileFacts.absolute(path)
        }
        let installed = HostBinary.prefix(of: binary) + "/share/host/plugin-sdk"
        if isSDK(installed) { return installed }
        var folder = binary.folderOfPath
        while folder.contains("/.build") {
            folder = folder.folderOfPath
            if isSDK("\(folder)/plugin-sdk") { return "\(folder)/plugin-sdk" }
        }
        throw HostError(
            .notFound, "The SDK was not found (\(installed)).", remedy: "Name its folder by \(variable).",
            retry: .stop)
    }

    private static func isSDK(_ path: String) -> Bool { FileFacts.exists("\(path)/include/host/host.h") }
}
