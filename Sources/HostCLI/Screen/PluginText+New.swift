// SPDX-License-Identifier: Apache-2.0

package import HostPlugins

extension PluginText {
    /// What `host plugin new` wrote, and what comes next.
    package func begun(
        _ name: String, _ language: PluginTemplate.Language, _ folder: String, _ files: [String]
    ) -> [String] {
        // The headers are many and nobody changes them.
        let headers = files.filter { $0.hasPrefix("include/") }.count
        let shown = files.filter { !$0.hasPrefix("include/") }.map { "  \(folder)/\($0)" }
        return ["\(name): a plugin in \(language.rawValue) that works, to be changed into yours"] + shown
            + (headers == 0 ? [] : ["  \(folder)/include (\(headers) headers)"])
            + [
                "", "Next:", "  cd \(folder)", "  \(language.buildCommand(name))",
                "  host plugin test \(PluginTemplate.library(name))", "  host plugin install .",
            ]
    }
}
