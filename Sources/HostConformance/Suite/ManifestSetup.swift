// SPDX-License-Identifier: Apache-2.0

package import HostPlugins
internal import HostRecords

extension ConformanceSetup {
    /// The manifest's words with `{folder}` in place; `{scratch}` is put in by each test.
    package init(_ manifest: PluginManifest) {
        self.init()
        func put(_ text: String) -> String { text.replacing("{folder}", with: manifest.folder) }
        func end(_ end: PluginManifest.End?) -> EndpointText? {
            end.map { end in
                EndpointText(
                    text: put(end.endpoint),
                    options: end.options.sorted { $0.key < $1.key }.map { "\($0)=\(put($1))" })
            }
        }
        claims = Claims(
            name: manifest.name, version: manifest.version, abi: manifest.abi.description,
            roles: manifest.roles.labels, runtime: manifest.runtime, licence: manifest.licence)
        exporter = end(manifest.conformance.exporter)
        loader = end(manifest.conformance.loader)
        count = (manifest.conformance.loader?.count ?? []).map(put)
        service = manifest.conformance.service.map(put)
        for gap in manifest.conformance.gaps { gaps[gap.test] = gap.reason }
    }
}
