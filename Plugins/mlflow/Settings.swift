// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What the user set, as the plugin needs it.
struct Settings: Sendable {
    /// Where runs without a group go.
    enum Ungrouped: String, Sendable {
        /// Experiment 0, which every server has; neptune-exporter puts them there too.
        case `default`
        /// An experiment named after the project.
        case project
    }

    /// The server's address without a slash at the end; a path prefix belongs to it.
    let base: String
    let headers: [(name: String, value: String)]
    let namePrefix: String
    let usesWorkspace: Bool
    let ungrouped: Ungrouped
    /// Requests in flight for each run.
    let inFlight: Int

    init(_ options: Options, _ call: Call) throws(HostError) {
        let address = try Address(options.text("tracking-uri") ?? options.scope)
        base = address.base
        namePrefix = options.text("name-prefix") ?? ""
        ungrouped = Ungrouped(rawValue: options.text("ungrouped") ?? "") ?? .default
        inFlight = Int(max(1, min(options.int("in-flight") ?? 4, 64)))
        var headers: [(name: String, value: String)] = []
        if let user = options.text("username") ?? address.user {
            let password = options.text("password") ?? address.password ?? ""
            let credentials = Base64.encode("\(user):\(password)")
            call.protect(password)
            call.protect(credentials)
            headers.append(("Authorization", "Basic \(credentials)"))
        } else if let token = options.text("token") {
            headers.append(("Authorization", "Bearer \(token)"))
        }
        let workspace = options.text("workspace") ?? ""
        usesWorkspace = !workspace.isEmpty
        if usesWorkspace { headers.append(("X-MLFLOW-WORKSPACE", workspace)) }
        self.headers = headers
    }
}

extension Settings {
    static let options: [OptionSpec] = [
        OptionSpec(
            "tracking-uri", .text, [.location, .required, .identity], roles: .loader,
            environment: ["MLFLOW_TRACKING_URI"], summary: "Address of the tracking server.",
            example: "http://127.0.0.1:5000"),
        OptionSpec(
            "username", roles: .loader, environment: ["MLFLOW_TRACKING_USERNAME"],
            summary: "User of a server with basic authentication; wins over a token."),
        OptionSpec(
            "password", .text, .secret, roles: .loader, environment: ["MLFLOW_TRACKING_PASSWORD"],
            summary: "Password of that user."),
        OptionSpec(
            "token", .text, .secret, roles: .loader, environment: ["MLFLOW_TRACKING_TOKEN"],
            summary: "Bearer token of a server behind a gateway."),
        OptionSpec(
            "workspace", .text, .identity, roles: .loader, environment: ["MLFLOW_WORKSPACE"],
            summary: "Workspace, on servers that have them (3.10 and newer)."),
        OptionSpec(
            "name-prefix", .text, .identity, roles: .loader,
            summary: "Put before each experiment's name, with a slash.", example: "imported"),
        OptionSpec(
            "ungrouped", .text, .identity, roles: .loader, default: "default",
            choices: ["default", "project"],
            summary: "Where runs without an experiment go: experiment 0, or one named after the project."),
        OptionSpec(
            "in-flight", .int, .advanced, roles: .loader, default: "4",
            summary: "Requests in flight for each run, 1 to 64.", example: "8"),
    ]
}
