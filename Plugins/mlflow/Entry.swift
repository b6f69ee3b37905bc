// SPDX-License-Identifier: Apache-2.0

public import CHost
internal import HostPluginKit

@_cdecl("host_plugin_v0")
public func entry() -> UnsafePointer<host_plugin> {
    PluginEntry.table(descriptor, loader: MLflowLoader.self)
}

private let descriptor = PluginDescriptor(
    name: "mlflow", version: "0.1.0", summary: "Writes runs to an MLflow tracking server.",
    home: "https://mlflow.org/docs/latest/rest-api.html", options: Settings.options, limits: Holds.limits,
    actions: MLflowActions.all)

/// What an MLflow server with a SQL store can hold; `MLflowLoader.limits` refines it.
enum Holds {
    /// The server's pattern for keys is `[/\w.\- :]*`, at most 250 characters, equal to its own normalised
    /// path.
    static let name = NameLimit(.word, extra: "/-. :", maxLength: 250, isNormalPath: true)

    /// Servers older than 2.16 refuse the colon.
    static let oldName = NameLimit(.word, extra: "/-. ", maxLength: 250, isNormalPath: true)

    static let limits = Limits(
        tables: [.fields, .points, .series, .histograms, .files], abilities: [.nan, .setTimes, .nesting],
        kinds: ["run"], names: names(name))

    static func names(_ limit: NameLimit) -> [NameScope: NameLimit] {
        Dictionary(uniqueKeysWithValues: NameScope.allCases.map { ($0, limit) })
    }
}
