// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What the user set, as the plugin needs it.
struct Settings {
    let token: APIToken
    let projects: ProjectChoice
    let runs: RunChoice
    let attributes: AttributeChoice
    /// Points that were announced ahead of their time and may still change.
    let takesPreviews: Bool
    /// Points that a forked run has from its ancestors come with it.
    let takesInherited: Bool
    /// Requests in flight for each run.
    let inFlight: Int

    init(_ options: Options, _ call: Call) throws(HostError) {
        token = try APIToken(options.text("api-token") ?? "")
        call.protect(token.key)
        projects = try ProjectChoice(options)
        runs = try RunChoice(options)
        attributes = try AttributeChoice(options)
        takesPreviews = options.bool("previews")
        takesInherited = options.bool("inherited")
        inFlight = Int(max(1, min(options.int("in-flight") ?? 4, 32)))
    }

    /// Put into each revision: a run of which less was taken is not the same as one that was taken whole.
    var selectionMark: String {
        let parts = [
            attributes.mark, takesPreviews ? "previews" : "", takesInherited ? "inherited" : "",
        ].filter { !$0.isEmpty }
        return parts.isEmpty ? "" : StableHash.mark(parts.joined(separator: "\n"))
    }
}

extension Settings {
    static let options: [OptionSpec] = [
        OptionSpec(
            "project", .text, [.location, .identity], roles: .exporter, environment: ["NEPTUNE_PROJECT"],
            summary:
                "A project, or a workspace to take all projects of; without it all that the token opens.",
            example: "my-workspace/my-project"),
        OptionSpec(
            "api-token", .text, [.required, .secret], roles: .exporter, environment: ["NEPTUNE_API_TOKEN"],
            summary: "The API token, as Neptune shows it."),
        OptionSpec(
            "project-pattern", .text, .identity, roles: .exporter,
            summary: "Of a workspace only projects in whose name this regular expression is found.",
            example: "^vision-"),
        OptionSpec(
            "project-exclude", .text, .identity, roles: .exporter,
            summary: "Of a workspace no project in whose name this regular expression is found."),
        OptionSpec(
            "runs", .text, .identity, roles: .exporter,
            summary:
                "Only runs whose id matches: patterns as in Neptune, joined by ' | ' and ' & ', '!' for not.",
            example: "^train- & !debug"),
        OptionSpec(
            "run-ids", .text, .identity, roles: .exporter,
            summary: "Only these runs, by their ids with commas between; archived ones too."),
        OptionSpec(
            "run-ids-file", .path, .identity, roles: .exporter,
            summary: "Only the runs whose ids stand in this file, one a line; archived ones too."),
        OptionSpec(
            "include-archived", .bool, .identity, roles: .exporter, default: "false",
            summary: "Archived runs, too."),
        OptionSpec(
            "attributes", .text, .identity, roles: .exporter,
            summary: "Only attributes whose name matches: patterns joined as those of 'runs'.",
            example: "^metrics/ | ^sys/"),
        OptionSpec(
            "attribute-names-file", .path, .identity, roles: .exporter,
            summary: "Only the attributes whose names stand in this file, one a line."),
        OptionSpec(
            "classes", .text, .identity, roles: .exporter,
            summary: "Only these, with commas between: parameters, metrics, series, files.",
            example: "parameters,metrics"),
        OptionSpec(
            "exclude-classes", .text, .identity, roles: .exporter, summary: "All but these classes."),
        OptionSpec(
            "previews", .bool, .identity, roles: .exporter, default: "false",
            summary: "Metric previews, too, as ordinary points."),
        OptionSpec(
            "inherited", .bool, .identity, roles: .exporter, default: "false",
            summary: "Forked runs come with the points of their ancestors, up to the fork."),
        OptionSpec(
            "in-flight", .int, .advanced, roles: .exporter, default: "4",
            summary: "Requests in flight for each run, 1 to 32.", example: "8"),
    ]
}
