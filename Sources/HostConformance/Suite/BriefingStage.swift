// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostCore
internal import HostRecords

/// No test, but what all tests need: the plugin's own description, and its endpoints resolved as the command does it.
struct BriefingStage: ConformanceTest {
    let name = "briefing"
    let level = Level.load
    let summary = ""

    func run(_ bench: Bench) throws {
        var briefing = Briefing()
        bench.events.call("describe")
        let library = try PluginLibrary(path: bench.testCase.library)
        briefing.name = library.name
        briefing.version = library.version
        briefing.roleBits = library.roles.rawValue
        briefing.actionCount = library.description.actions.count
        let setup = bench.testCase.setup
        do {
            if let text = setup.exporter, library.roles.contains(.exporter) {
                briefing.exporter = try values(library, .exporter, text, known: false)
            }
            if let text = setup.loader, library.roles.contains(.loader) {
                briefing.loader = try values(library, .loader, text, known: false)
                if library.roles.contains(.exporter) {
                    briefing.readBack = try? values(library, .exporter, text, known: true)
                }
            }
        } catch {
            briefing.problem = "\(error)"
        }
        let json = try JSONEncoder().encode(briefing)
        bench.events.value("briefing", String(decoding: json, as: UTF8.self))
    }

    /// - Parameter known: leave out options that the role does not have.
    private func values(
        _ library: PluginLibrary, _ role: Roles, _ text: ConformanceSetup.EndpointText, known: Bool
    ) throws(HostError) -> EndpointValues {
        let text = text.withScratchMark
        var endpoint = try Endpoint(parsing: text.text)
        let names = Set(library.options.filter { !$0.roles.isDisjoint(with: role) }.map(\.name))
        var flags = text.options
        if known {
            flags = flags.filter { names.contains(String($0.prefix { $0 != "=" })) }
            endpoint.options = endpoint.options.filter { names.contains($0.name) }
        }
        // Only what the manifest says: a variable of the user's may point to a server with real data.
        return EndpointValues(
            try OptionResolver(library, role: role, environment: [:]).resolve(endpoint, flags: flags))
    }
}

extension ConformanceSetup.EndpointText {
    var withScratchMark: Self {
        .init(
            text: text.replacing("{scratch}", with: EndpointValues.scratchMark),
            options: options.map { $0.replacing("{scratch}", with: EndpointValues.scratchMark) })
    }
}
